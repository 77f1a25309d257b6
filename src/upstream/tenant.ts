import { createAccessTokens } from './access-token.ts';
import type { Credentials } from './credentials.ts';
import type { Http } from './http.ts';
import { createManagementApi, type ManagementApi, PRODUCT_ORDERS_PATH } from './management-api.ts';
import type { OutcomeStore } from './outcome-store.ts';
import type { OnDrift } from './read-answer.ts';
import type { RequestScope } from './request-scope.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createSend } from './send.ts';
import { createSendWrite } from './send-write.ts';
import { createSubscriptionKeys } from './subscription-keys.ts';
import type { TenantKey } from './tenant-key.ts';
import { createTokenCall } from './token-call.ts';
import { type AnswerCache, withCache } from './with-cache.ts';
import { createLimit, withLimit } from './with-limit.ts';
import { withRetry } from './with-retry.ts';
import { withSingleFlight } from './with-single-flight.ts';
import { createWriteIdentity } from './write-identity.ts';
import { createWrites } from './writes.ts';

export interface TenantOptions {
  readonly key: TenantKey;
  readonly credentials: Credentials;
  /** Of the upstream: what is remembered of writes counts there and nowhere else. */
  readonly origin: string;
  /** Shared by all tenants of one upstream: it knows no keys. */
  readonly http: Http;
  readonly systemHeaders: Record<string, string>;
  readonly concurrency: number;
  readonly maxQueued: number;
  /** One attempt of one call, token calls included. */
  readonly timeoutMs: number;
  /** Shared by all tenants, whose entries it keeps apart; undefined keeps nothing. */
  readonly cache: AnswerCache | undefined;
  readonly onDrift: OnDrift;
  /** What became of writes; shared by all tenants, which it keeps apart. */
  readonly outcomes: OutcomeStore;
  /** Told when the outcome of a write could not be stored. */
  readonly onStoreFailure: (error: unknown) => void;
}

/** One set of keys with everything that must never be shared between two: token, calls in flight, queue and cache. */
export interface Tenant {
  api(scope: RequestScope): ManagementApi;
  /** Resolves once the upstream has issued a token for the keys. Throws as a call would. */
  checkKeys(): Promise<void>;
  /** Resolves when every write that was sent has its outcome. */
  settled(): Promise<void>;
}

/**
 * Puts the layers together, outermost first. Reads: cache → single flight → limit → retry → token → send. Writes: once
 * per key → limit → retry with the key → token → send.
 */
export function createTenant(options: TenantOptions): Tenant {
  const { key, credentials, http, systemHeaders, timeoutMs, cache } = options;
  const { subscriptionKey, subscriptionKeySecondary, merchantSerialNumber } = credentials;
  const subscriptionKeys = createSubscriptionKeys(subscriptionKey, subscriptionKeySecondary);
  const tokens = createAccessTokens(
    createTokenCall({ http, credentials, subscriptionKeys, systemHeaders, timeoutMs }),
  );
  const send = createSend({ http, tokens, subscriptionKeys, systemHeaders, timeoutMs });
  const limit = createLimit(options);
  const flights = withSingleFlight(key, withLimit(withRetry(send, createRetryBudget()), limit));
  const reads = cache ? withCache(key, flights, cache) : flights;
  const writes = createWrites({
    sendWrite: createSendWrite(send, limit, timeoutMs),
    store: options.outcomes,
    identity: createWriteIdentity(options.origin, credentials),
    onChange: () => reads.forget(PRODUCT_ORDERS_PATH),
    onStoreFailure: options.onStoreFailure,
  });
  return {
    api: createManagementApi(reads.fetch, writes, { merchantSerialNumber, onDrift: options.onDrift }),
    checkKeys: async () => {
      await tokens.get();
    },
    settled: writes.settled,
  };
}
