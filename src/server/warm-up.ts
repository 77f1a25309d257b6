import { noAddresses } from '../config/network/address-ranges.ts';
import type { Directory } from '../directory/directory.ts';
import { DirectoryUnavailable } from '../directory/directory-index.ts';
import { openSqliteIdempotencyStore } from '../store/sqlite-idempotency.ts';
import { createLog } from '../telemetry/log.ts';
import type { Http, HttpAnswer } from '../upstream/http/http.ts';
import { Secret } from '../upstream/keys/secret.ts';
import { createUpstream } from '../upstream/upstream.ts';
import type { Caller } from './auth/caller.ts';
import { createGateway } from './gateway.ts';

const CREDENTIALS = { clientId: 'warm-up', clientSecret: new Secret('-'), tokenFlow: 'miami' } as const;
const UNITS = 200;
const ROUNDS = 5;
const identifier = (merchant: number) => ({ scheme: 'business:NO:ORG', id: String(900_000_000 + merchant) });

const FIELDS = `totalCount pageInfo { endCursor } nodes {
  msn name configuration { captureType } merchant { name status } }`;
const QUERY = `query Page($first: Int!) { salesUnits(first: $first) { ${FIELDS} }
  found: salesUnits(first: 20, query: "warm-up") { ${FIELDS} } }`;

/**
 * Runs the query of a large page a few times against responses from memory, so that the first client runs compiled code:
 * schema, executor, loaders, upstream layers and models, but not the sockets. No call leaves the process. Throws if the
 * operation fails, since it would then compile the wrong code paths.
 */
export async function warmUp(): Promise<void> {
  const store = await openSqliteIdempotencyStore({ file: ':memory:' });
  const upstream = createUpstream({
    origin: 'http://localhost',
    http: canned,
    store,
    systemHeaders: {},
    concurrency: 64,
    maxQueued: 10 * UNITS,
    timeoutMs: 5_000,
    cache: 0,
  });
  const caller: Caller = {
    id: 'warm-up',
    tenantId: 'warm-up',
    client: upstream.client(CREDENTIALS),
    directory: cannedDirectory,
    scopes: new Set(['read']),
    audience: 'backend',
    limits: {},
  };
  const gateway = createGateway({
    authenticate: async () => caller,
    open: true,
    log: createLog('silent'),
    http: {
      maxBodyBytes: 64 * 1024,
      corsOrigins: [],
      corsHeaders: [],
      trustedProxies: noAddresses,
      hotPath: false,
    },
    limits: {
      requestDeadlineMs: 5_000,
      maxPageSize: UNITS,
      maxUpstreamCalls: 10 * UNITS,
      maxRows: 100 * UNITS,
      maxAnswerBytes: 2 ** 24,
      rateLimitPerMinute: 0,
      authFailuresPerMinute: 0,
      maxSubscriptions: 0,
      trustedDocuments: undefined,
    },
    graphiql: { enabled: false },
    production: true,
  });
  const body = JSON.stringify({ query: QUERY, variables: { first: UNITS } });
  for (let round = 0; round < ROUNDS; round++) {
    const response = await gateway.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { errors } = await response.json();
    if (errors) throw new Error(`the warm-up operation failed: ${JSON.stringify(errors)}`);
  }
  await gateway.dispose();
  store.close();
}

const LIST = Array.from({ length: UNITS }, (_, index) => ({ msn: String(100_000 + index), name: 'Warm-up' }));
/** A search finds the first units of the list, whose details are then read as those of others. */
const cannedDirectory: Directory = {
  units: async () => ({
    rows: LIST.slice(0, 20).map((unit) => ({
      ...unit,
      key: [unit.msn],
      matchedOn: ['name'],
      details: undefined,
      merchant: undefined,
    })),
    totalCount: UNITS,
    hasPreviousPage: false,
    hasNextPage: true,
  }),
  merchants: () => Promise.reject(new DirectoryUnavailable('warm-up')),
  facets: () => Promise.reject(new DirectoryUnavailable('warm-up')),
  changes: () => Promise.reject(new DirectoryUnavailable('warm-up')),
  countChanges: async () => 0,
  followChanges: () => Promise.reject(new DirectoryUnavailable('warm-up')),
  productOrderTimes: async () => new Map(),
  status: async () => ({
    state: 'current',
    isComplete: true,
    incompleteBecause: undefined,
    salesUnits: UNITS,
    knownSalesUnits: UNITS,
    removedSalesUnits: 0,
    merchants: 0,
    knownMerchants: 0,
    oldestReadAt: undefined,
    listReadAt: undefined,
  }),
  answersReads: true,
  lastStatus: undefined,
};
const canned: Http = {
  async exchange({ path }): Promise<HttpAnswer> {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(answerTo(path)),
    };
  },
  async close() {},
};

function answerTo(path: string): unknown {
  if (path === '/miami/v1/token') return { access_token: '-', expires_in: 900 };
  if (path === '/management/v1/sales-units') return LIST;
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (path.startsWith('/management/v1/sales-units/'))
    return {
      msn: last,
      name: 'Warm-up',
      businessIdentifier: identifier(Number(last) % (UNITS / 5)),
      configuration: { paymentAllowed: true, captureType: 'ReserveCapture' },
    };
  return {
    businessIdentifier: { scheme: 'business:NO:ORG', id: last },
    name: 'Warm-up',
    status: 'ACTIVE',
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    countryCode: 'NO',
  };
}
