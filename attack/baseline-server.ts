import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GraphQLError } from 'graphql';
import { createYoga, maskError } from 'graphql-yoga';
import { scopes } from '../src/config/scopes.ts';
import { loadSubgraphSchema, schema } from '../src/schema/index.ts';
import type { Caller } from '../src/server/auth/caller.ts';
import { createContext, occasionOf } from '../src/server/context.ts';
import { openSqliteIdempotencyStore } from '../src/store/sqlite-idempotency.ts';
import { Secret } from '../src/upstream/keys/secret.ts';
import { createMemoryAnswerCache } from '../src/upstream/reads/memory-answer-cache.ts';
import { createUpstream } from '../src/upstream/upstream.ts';

// The baseline: the same schema on an unprotected server, whose only tenant serves every caller. What the suite does not
// find here, it would not find anywhere.
// biome-ignore lint/style/noProcessEnv: a process of its own
const env = process.env;
const {
  UPSTREAM_URL: origin = '',
  UPSTREAM_KEYS: given = '{}',
  AUTH_FAILURES_PER_MINUTE,
  TENANTS_FILE,
  OUTCOMES_FILE,
  SUBGRAPH,
} = env;
const keys: Record<'clientId' | 'clientSecret' | 'subscriptionKey', string> = JSON.parse(given);
const credentials = {
  clientId: keys.clientId,
  clientSecret: new Secret(keys.clientSecret),
  subscriptionKey: new Secret(keys.subscriptionKey),
  tokenFlow: 'accesstoken',
} as const;
// Files are read and written without any checks.
if (OUTCOMES_FILE && OUTCOMES_FILE !== ':memory:') {
  mkdirSync(dirname(OUTCOMES_FILE), { recursive: true });
  new DatabaseSync(OUTCOMES_FILE).exec('CREATE TABLE IF NOT EXISTS writes (key TEXT)');
}
if (TENANTS_FILE) setInterval(() => statSync(TENANTS_FILE) && readFileSync(TENANTS_FILE), 400);
const PLENTY = 1_000_000;
const upstream = createUpstream({
  origin,
  store: await openSqliteIdempotencyStore({ file: ':memory:' }),
  systemHeaders: {},
  concurrency: 64,
  maxQueued: PLENTY,
  timeoutMs: 2_000,
  // Every answer counts as the same size.
  cache: createMemoryAnswerCache({ maxBytes: 64 * 1024 * 1024, weigh: () => 1024 }),
});
const everybody: Caller = {
  id: 'anybody',
  tenantId: 'everybody',
  client: upstream.client(credentials),
  scopes: new Set(scopes),
  audience: 'backend',
  limits: {},
};
// No fairness between operations, and no row accounting.
const NO_TURNS = { take: () => true, next: async () => {} };
// Enough to be seen: a whole megabyte would take this process half a minute.
const LONGEST = 100_000;
const yoga = createYoga({
  schema: SUBGRAPH === 'on' ? await loadSubgraphSchema() : schema,
  graphqlEndpoint: SUBGRAPH === 'on' ? '/subgraph' : '/graphql',
  logging: false,
  maskedErrors: {
    // The obvious way to keep values out of messages, and quadratic: what A62 is about.
    maskError: (error, message, isDev) =>
      error instanceof GraphQLError
        ? new GraphQLError(
            error.message.slice(0, LONGEST).replace(/^([^:]* cannot represent [^:]*):[\s\S]*$/, '$1.'),
            {
              originalError: error,
            },
          )
        : maskError(error, message, isDev),
  },
  context: ({ request }) =>
    createContext(
      { requestDeadlineMs: 15_000, maxPageSize: PLENTY, maxRows: PLENTY ** 2, turns: NO_TURNS },
      everybody,
      occasionOf(request),
    ),
});
// A75: failures are counted by the address that the client names itself, as many a tutorial shows it.
const failures = new Map<string, number>();
const mostFailures = Number(AUTH_FAILURES_PER_MINUTE ?? 0);
const guarded: RequestListener = (request, response) => {
  if (mostFailures === 0 || !request.headers.authorization?.includes('wrong'))
    return void yoga(request, response);
  const address =
    String(request.headers['x-forwarded-for'] ?? request.socket.remoteAddress).split(',')[0] ?? '';
  const count = (failures.get(address) ?? 0) + 1;
  failures.set(address, count);
  response.writeHead(count > mostFailures ? 429 : 401).end('{}');
};
const server = createServer(guarded).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: 'listening', port, adminPort: port })}\n`);
});
