import type { CallTracker } from './call-tracker.ts';
import type { Http } from './http/http.ts';
import { createAccessTokens } from './keys/access-token.ts';
import type { Credentials } from './keys/credentials.ts';
import { createKeyProof, type KeyState } from './keys/key-proof.ts';
import { createSubscriptionKeys } from './keys/subscription-keys.ts';
import type { TenantKey } from './keys/tenant-key.ts';
import { createTokenCall } from './keys/token-call.ts';
import { createManagementApi, type ManagementApi, PRODUCT_ORDERS_PATH } from './management-api.ts';
import { linksOf } from './models/link.ts';
import type { OnDrift } from './reads/read-answer.ts';
import { createRetryBudget } from './reads/retry-budget.ts';
import { type AnswerCache, withCache } from './reads/with-cache.ts';
import { withRetry } from './reads/with-retry.ts';
import { withSingleFlight } from './reads/with-single-flight.ts';
import { createSend } from './send.ts';
import { createLimit, withLimit } from './with-limit.ts';
import type { IdempotencyStore } from './writes/idempotency-store.ts';
import { createSendWrite } from './writes/send-write.ts';
import { createWriteIdentity } from './writes/write-identity.ts';
import { createWrites, type WriteFlights } from './writes/writes.ts';

export interface UpstreamClientOptions {
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
  readonly outcomes: IdempotencyStore;
  /** Told when the outcome of a write could not be stored. */
  readonly onStoreFailure: (error: unknown) => void;
  /** The writes under way of all tenants of a process; its own when left out. */
  readonly flights?: WriteFlights;
  /**
   * Set when the keys are the caller's own, which the upstream alone can prove: no outcome of a write is looked up before
   * it has.
   */
  readonly ownKeys?: { readonly onProved: () => void };
}

/** One set of keys with everything that must never be shared between two: token, calls in flight, queue and cache. */
export interface UpstreamClient {
  api(scope: CallTracker): ManagementApi;
  /** Resolves once the upstream has issued a token for the keys. Throws as a call would. */
  checkKeys(): Promise<void>;
  /** What the upstream has said of the keys. */
  readonly keyState: KeyState;
  /** Resolves when every write that was sent has its outcome. */
  settled(): Promise<void>;
}

/**
 * Puts the layers together, outermost first. Reads: cache → single flight → limit → retry → token → send. Writes: once
 * per key → limit → retry with the key → token → send.
 */
export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  const { key, credentials, http, systemHeaders, timeoutMs, cache } = options;
  const { subscriptionKey, subscriptionKeySecondary, merchantSerialNumber } = credentials;
  const subscriptionKeys = createSubscriptionKeys(subscriptionKey, subscriptionKeySecondary);
  const tokens = createAccessTokens(
    createTokenCall({ http, credentials, subscriptionKeys, systemHeaders, timeoutMs }),
  );
  const unwatched = createSend({ http, tokens, subscriptionKeys, systemHeaders, timeoutMs });
  const budget = createRetryBudget();
  const proof = createKeyProof({
    tokens,
    send: withRetry(unwatched, budget),
    onProved: () => options.ownKeys?.onProved(),
    onRefused: () => options.ownKeys && reads.forget(''),
  });
  const send = proof.watch(unwatched);
  const isLink = linksOf(options.origin);
  const limit = createLimit(options);
  const flights = withSingleFlight(key, withLimit(withRetry(send, budget), limit));
  const reads = cache ? withCache(key, flights, cache) : flights;
  const writes = createWrites({
    sendWrite: createSendWrite(send, limit, timeoutMs),
    store: options.outcomes,
    identity: createWriteIdentity(options.origin, credentials),
    onChange: () => reads.forget(PRODUCT_ORDERS_PATH),
    onStoreFailure: options.onStoreFailure,
    flights: options.flights ?? new Map(),
    provedSince: options.ownKeys && proof.since,
    isLink,
  });
  return {
    api: createManagementApi(reads.fetch, writes, { merchantSerialNumber, onDrift: options.onDrift, isLink }),
    checkKeys: async () => {
      await tokens.get();
    },
    get keyState() {
      return proof.state;
    },
    settled: writes.settled,
  };
}
