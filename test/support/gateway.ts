import type { RequestListener } from 'node:http';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LimitsConfig, SubgraphConfig } from '../../src/config/config.ts';
import { readPackageInfo } from '../../src/config/package-info.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { scopes } from '../../src/config/scopes.ts';
import { createDirectory, type RunningDirectory } from '../../src/directory/directory.ts';
import type { Exchange } from '../../src/sandbox/http/exchange.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { loadSubgraphSchema } from '../../src/schema/index.ts';
import type { Caller } from '../../src/server/auth/caller.ts';
import { createEndpointRules } from '../../src/server/endpoint-rules.ts';
import { createGateway, type Gateway } from '../../src/server/gateway.ts';
import { createGatewayParts, type GatewayOptions } from '../../src/server/gateway-parts.ts';
import type { GraphiqlPageOptions } from '../../src/server/graphiql/page.ts';
import { createHotPath } from '../../src/server/hot-path/hot-path.ts';
import { withSecurityHeaders } from '../../src/server/http/with-security-headers.ts';
import { openSqliteDirectory } from '../../src/store/directory/sqlite-directory.ts';
import { openSqliteIdempotencyStore } from '../../src/store/sqlite-idempotency.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { noObserver } from '../../src/telemetry/observer.ts';
import type { UpstreamClient } from '../../src/upstream/client.ts';
import { createHttp, type Http } from '../../src/upstream/http/http.ts';
import type { Credentials } from '../../src/upstream/keys/credentials.ts';
import { Secret } from '../../src/upstream/keys/secret.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';
import type { IdempotencyStore } from '../../src/upstream/writes/idempotency-store.ts';
import { createContractCheck } from './contract.ts';

/** An answer as a client reads it. */
export interface Answer<Data = Record<string, never>> {
  readonly data?: Data;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: {
      readonly code: string;
      readonly retryable: boolean;
      readonly requestId: string;
      readonly argument?: string;
      readonly retryAfterMs?: number;
      readonly idempotencyKey?: string;
      readonly oldestCursor?: string;
      readonly cursor?: string;
    };
  }[];
  readonly extensions?: {
    readonly upstream: { readonly calls: number; readonly cached: number; readonly ms: number };
    readonly cost: {
      readonly calls: number;
      readonly rows: number;
      readonly points: number;
      readonly charged?: number;
      readonly remaining?: number;
    };
  };
}

export interface TestGateway extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly gateway: Gateway;
  /** Takes the hot path where it can; for a port. */
  readonly listener: RequestListener;
  readonly client: UpstreamClient;
  /** Set with the option `directory`. */
  readonly directory: RunningDirectory | undefined;
  /** Every log line so far, parsed. */
  readonly logs: readonly Record<string, unknown>[];
  /** Fields in which the upstream strayed from its contract, as route and field. */
  readonly drift: readonly string[];
  readonly query: <Data = Record<string, unknown>>(
    text: string,
    variables?: object,
    init?: RequestInit,
  ) => Promise<Answer<Data>>;
  /** Sends a query as a router does. With the option `subgraph`. */
  readonly askAsRouter: <Data = Record<string, unknown>>(
    text: string,
    variables?: object,
    init?: RequestInit,
  ) => Promise<Answer<Data> & { readonly response: Response }>;
  /** Management API calls that reached the sandbox, by route; token calls left out. */
  readonly calls: () => Record<string, number>;
}

/** Options of the gateway that take the place of what the configuration says. */
export interface GatewayOverrides
  extends Partial<Pick<GatewayOptions, 'authenticate' | 'open' | 'turns' | 'unsentAnswers' | 'metrics'>>,
    Partial<Pick<LimitsConfig, 'trustedDocuments'>> {
  readonly graphiql?: boolean;
  /** What GraphiQL shows. */
  readonly page?: GraphiqlPageOptions;
  readonly maxBodyBytes?: number;
}

export interface TestGatewayOptions {
  readonly sandbox?: SandboxOptions;
  /** Environment variables of the gateway; the cache is off unless `CACHE` says otherwise. */
  readonly env?: Record<string, string>;
  readonly maxQueued?: number;
  /** What is remembered of writes; in memory when left out. */
  readonly outcomes?: IdempotencyStore;
  /** Puts something between the gateway and its sockets, to switch a mechanism off. */
  readonly wrapHttp?: (http: Http) => Http;
  /** Another upstream instead of the sandbox, which still issues the keys. */
  readonly upstreamUrl?: string;
  /** Another gateway's sandbox instead of one of its own. */
  readonly shared?: Sandbox;
  /** Keeps a directory in memory, which is complete when the gateway is returned. */
  readonly directory?: boolean;
  /** Serves `/subgraph` too. */
  readonly subgraph?: SubgraphConfig;
  /** Who asks, where it matters. */
  readonly caller?: Partial<Caller>;
  /** Whether GraphiQL is there; yes when left out. */
  readonly graphiql?: boolean;
  /** Instead of what the configuration says. */
  readonly gateway?: GatewayOverrides;
  /** Instead of the sandbox's partner keys. */
  readonly credentials?: (sandbox: Sandbox) => Partial<Credentials>;
}

const URL_OF_GATEWAY = 'http://127.0.0.1/graphql';
const contractCheck = createContractCheck();

/**
 * A gateway on a sandbox of its own, asked through `fetch` without a port. Every call between the two is held against
 * the contract: disposing throws if one broke it.
 */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const check = await contractCheck;
  const violations = new Set<string>();
  const onExchange = (exchange: Exchange) => {
    for (const violation of check(exchange)) violations.add(violation);
  };
  const sandbox =
    options.shared ?? (await startSandbox({ units: 50, latencyMs: 1, onExchange, ...options.sandbox }));
  const config = readConfig({ CACHE: 'off', ...options.env }, readPackageInfo(), {
    now: () => performance.now(),
  });
  const logs: Record<string, unknown>[] = [];
  const drift: string[] = [];
  const log = createLog(
    config.log.level,
    new Writable({
      write(line, _encoding, done) {
        logs.push(JSON.parse(String(line)));
        done();
      },
    }),
  );
  const origin = options.upstreamUrl ?? sandbox.url;
  const sockets = createHttp(origin, config.upstream.concurrency);
  const http = options.wrapHttp?.(sockets) ?? sockets;
  const credentials = { ...keysOf(sandbox), ...options.credentials?.(sandbox) };
  const store = options.outcomes ?? (await openSqliteIdempotencyStore({ file: ':memory:' }));
  const upstream = createUpstream({
    ...config.upstream,
    origin,
    store,
    http,
    maxQueued: options.maxQueued ?? 4 * config.limits.maxUpstreamCalls,
    cache: config.cache.maxBytes,
    observer: { ...noObserver, contractDrift: (route, field) => drift.push(`${route} ${field}`) },
  });
  const directory: RunningDirectory | undefined = options.directory
    ? createDirectory({
        index: openSqliteDirectory({
          file: ':memory:',
          maxAgeMs: 86_400_000,
          changesKeepMs: 86_400_000,
          gapMs: 86_400_000,
          confirmMs: 0,
          onDamage: () => {},
          onChanges: (stored) => directory?.changed(stored),
        }),
        callsPerSecond: Number.POSITIVE_INFINITY,
        listMs: 300_000,
        ordersMs: 3_600_000,
        answersReads: config.cache.maxBytes > 0,
        onFailure: (error) => log.warn({ reason: (error as Error).message }, 'directory'),
      })
    : undefined;
  // A poll after a write would count as a call of the operation.
  const archive = directory && { ...directory.archive, ordersChanged() {} };
  const client = upstream.client(credentials, { archive });
  directory?.start(client);
  while (directory && !(await directory.status()).isComplete) await sleep(10);
  const caller: Caller = {
    id: 'test',
    tenantId: 'default',
    client,
    directory,
    scopes: new Set(scopes),
    audience: 'backend',
    limits: {},
    ...options.caller,
  };
  const {
    maxBodyBytes = config.http.maxBodyBytes,
    trustedDocuments = config.limits.trustedDocuments,
    graphiql = options.graphiql ?? true,
    page,
    ...overrides
  } = options.gateway ?? {};
  const gatewayOptions: GatewayOptions = {
    http: { ...config.http, maxBodyBytes },
    limits: { ...config.limits, trustedDocuments },
    graphiql: { enabled: graphiql, ...page },
    production: config.production,
    authenticate: async () => caller,
    open: true,
    log,
    ...overrides,
  };
  const parts = createGatewayParts(gatewayOptions);
  const rules = createEndpointRules(gatewayOptions, parts);
  const gateway = createGateway(gatewayOptions, parts, undefined, rules);
  const listener = createHotPath(gatewayOptions, parts, rules, withSecurityHeaders(gateway));
  const subgraph =
    options.subgraph &&
    createGateway(gatewayOptions, parts, { schema: await loadSubgraphSchema(), ...options.subgraph });

  return {
    sandbox,
    gateway,
    listener,
    client,
    directory,
    logs,
    drift,
    query: async (text, variables, init) => {
      const response = await gateway.fetch(URL_OF_GATEWAY, {
        method: 'POST',
        ...init,
        headers: { 'content-type': 'application/json', ...init?.headers },
        body: JSON.stringify({ query: text, variables }),
      });
      return response.json();
    },
    askAsRouter: async (text, variables, init) => {
      if (!subgraph) throw new Error('there is no subgraph');
      const response = await subgraph.fetch('http://127.0.0.1/subgraph', {
        method: 'POST',
        ...init,
        headers: { 'content-type': 'application/json', ...init?.headers },
        body: JSON.stringify({ query: text, variables }),
      });
      return { ...(await response.json()), response };
    },
    calls: () => {
      const { calls } = sandbox.stats();
      return Object.fromEntries(Object.entries(calls).filter(([route]) => route.includes(' /management/')));
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.dispose();
      await subgraph?.dispose();
      await client.settled();
      await directory?.stop();
      await upstream.close();
      if (!options.shared) await sandbox.close();
      if (violations.size > 0) throw new Error(`Calls broke the contract:\n${[...violations].join('\n')}`);
    },
  };
}

function keysOf({ keys }: Sandbox): Credentials {
  return {
    clientId: keys.clientId,
    clientSecret: new Secret(keys.clientSecret),
    subscriptionKey: new Secret(keys.subscriptionKey),
    subscriptionKeySecondary: new Secret(keys.subscriptionKeySecondary),
    tokenFlow: 'accesstoken',
  };
}
