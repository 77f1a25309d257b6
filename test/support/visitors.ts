import { startSandbox } from '../../src/sandbox/server.ts';
import { authenticateBy } from '../../src/server/auth/authenticate.ts';
import { createTenants, type Tenants } from '../../src/server/auth/tenants.ts';
import { byVippsKeys } from '../../src/server/auth/vipps-keys.ts';
import { openSqliteIdempotencyStore } from '../../src/store/sqlite-idempotency.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';
import { type Answer, startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts';

/** The keys that one visitor sends. */
export interface SentKeys {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionKey?: string;
  readonly msn?: string;
}

/** A gateway whose callers bring their own keys. */
export interface VisitedGateway extends AsyncDisposable, Pick<TestGateway, 'sandbox' | 'logs' | 'gateway'> {
  readonly tenants: Tenants;
  ask<Data = Record<string, unknown>>(
    keys: SentKeys,
    query: string,
    init?: RequestInit,
  ): Promise<Answer<Data>>;
  /** Token calls and API calls so far. */
  calls(): Readonly<Record<string, number>>;
}

export async function startVisitedGateway({
  env,
  ...options
}: TestGatewayOptions = {}): Promise<VisitedGateway> {
  const sandbox = await startSandbox({ units: 20, latencyMs: 1, ...options.sandbox });
  const upstream = createUpstream({
    origin: sandbox.url,
    store: await openSqliteIdempotencyStore({ file: ':memory:' }),
    systemHeaders: {},
    concurrency: 64,
    maxQueued: 1_000,
    timeoutMs: 2_000,
    cache: 16 * 1024 * 1024,
  });
  const tenants = createTenants(upstream, []);
  const test = await startTestGateway({
    shared: sandbox,
    env: { AUTH_FAILURES_PER_MINUTE: '0', ...env },
    gateway: { authenticate: authenticateBy([byVippsKeys(tenants)]), open: false },
  });
  return {
    sandbox,
    logs: test.logs,
    gateway: test.gateway,
    tenants,
    async ask({ clientId, clientSecret, subscriptionKey, msn }, query, init) {
      const response = await test.gateway.fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        ...init,
        headers: {
          'content-type': 'application/json',
          'vipps-client-id': clientId,
          'vipps-client-secret': clientSecret,
          ...(subscriptionKey && { 'ocp-apim-subscription-key': subscriptionKey }),
          ...(msn && { 'merchant-serial-number': msn }),
          ...init?.headers,
        },
        body: JSON.stringify({ query }),
      });
      return response.json();
    },
    calls: () => sandbox.stats().calls,
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await tenants.settled();
      await upstream.close();
      await sandbox.close();
    },
  };
}
