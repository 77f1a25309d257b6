import { combineObservers, noObserver, type Observer } from '../telemetry/observer.ts';
import { createCallStatistics } from './call-statistics.ts';
import type { CallTracker } from './call-tracker.ts';
import { PRODUCT_ORDERS_PATH } from './endpoints.ts';
import type { Http } from './http/http.ts';
import { createAccessTokens } from './keys/access-token.ts';
import type { Credentials } from './keys/credentials.ts';
import { createKeyProof, type KeyState } from './keys/key-proof.ts';
import { type MerchantSerialNumberUse, merchantSerialNumberFor } from './keys/merchant-serial-number.ts';
import { createSubscriptionKeys } from './keys/subscription-keys.ts';
import type { TenantKey } from './keys/tenant-key.ts';
import { createTokenCall } from './keys/token-call.ts';
import { createManagementApi, type ManagementApi } from './management-api.ts';
import type { EndpointCalls } from './models/endpoint-calls.ts';
import { linksOf } from './models/link.ts';
import type { AnswerArchive } from './reads/answer-archive.ts';
import type { AnswerCache } from './reads/answer-cache.ts';
import { withArchive } from './reads/with-archive.ts';
import { withCache } from './reads/with-cache.ts';
import { withSingleFlight } from './reads/with-single-flight.ts';
import { withoutCache } from './reads/without-cache.ts';
import { createBreakers } from './resilience/breakers.ts';
import { createLimit, withLimit } from './resilience/limit.ts';
import { createRestarts } from './resilience/restarts.ts';
import { createRetryBudget } from './resilience/retry-budget.ts';
import { withRetry } from './resilience/with-retry.ts';
import { createSend } from './send.ts';
import type { IdempotencyStore } from './writes/idempotency-store.ts';
import { createSendWrite } from './writes/send-write.ts';
import { createWriteIdentity } from './writes/write-identity.ts';
import { createWrites, type WriteFlights } from './writes/writes.ts';

/** What all clients of one upstream share. None of it holds keys; cache, store and flights separate clients by key. */
export interface SharedParts {
  /** Stored outcomes of writes are valid for this origin only. */
  readonly origin: string;
  readonly http: Http;
  readonly systemHeaders: Readonly<Record<string, string>>;
  /** For clients whose credentials do not say. */
  readonly merchantSerialNumberUse: MerchantSerialNumberUse;
  /** Calls under way at once, per client. */
  readonly concurrency: number;
  /** Calls that may wait for their turn, per client. */
  readonly maxQueued: number;
  /** Limit for one attempt of one call, token calls included. */
  readonly timeoutMs: number;
  /** Undefined switches the cache off. */
  readonly cache: AnswerCache | undefined;
  /** How long after its fresh time a cached answer may stand in for a failing upstream, in milliseconds. */
  readonly maxStaleMs: number;
  readonly store: IdempotencyStore;
  readonly observer: Observer;
  /** Called when copies of answers in other processes must not be used any more, see `withCache`. */
  readonly onDrop?: ((key: TenantKey, path: string, isPrefix: boolean) => void) | undefined;
  /** The writes under way of all clients of a process. */
  readonly flights: WriteFlights;
}

/** What is particular to one client. */
export interface ClientOptions {
  readonly key: TenantKey;
  readonly credentials: Credentials;
  /**
   * Called once the upstream has accepted the keys. Set when a caller brings its own keys, which only the upstream can
   * prove: no stored outcome of a write is read until then.
   */
  readonly onProved?: (() => void) | undefined;
  /** Keeps answers beyond the process; none if absent. */
  readonly archive?: AnswerArchive | undefined;
}

/** The Management API with one set of keys. Token, calls under way, queue and cached answers are never shared with other keys. */
export interface UpstreamClient {
  readonly key: TenantKey;
  api(tracker: CallTracker): ManagementApi;
  /** The same without the cache: every read is a call, and no answer takes the place of one that callers use. */
  uncachedApi(tracker: CallTracker): ManagementApi;
  /** Moves when what {@link UpstreamClient.api} reads may be different from before. */
  dataVersion(): number;
  /** Notes reads whose answers were used once more without asking for them. */
  noteReuse(route: string, reads: number): void;
  /** Resolves once the upstream has issued a token for the keys. Throws as a call would. */
  checkKeys(): Promise<void>;
  /** Returns what the calls of the last `minutes` were answered, by endpoint; a day at most. */
  callsOfLast(minutes: number): readonly EndpointCalls[] | Promise<readonly EndpointCalls[]>;
  /** Whether the upstream has accepted the keys. */
  readonly keyState: KeyState;
  /** Resolves when every write that was sent has its outcome. */
  settled(): Promise<void>;
}

/** Assembles the layers that `endpoint.ts` draws, outermost last. */
export function createUpstreamClient(shared: SharedParts, options: ClientOptions): UpstreamClient {
  const { http, systemHeaders, timeoutMs, cache, maxStaleMs } = shared;
  const statistics = createCallStatistics();
  const observer = combineObservers(shared.observer, { ...noObserver, callEnded: statistics.note });
  const { key, credentials, onProved, archive } = options;
  const { subscriptionKey, subscriptionKeySecondary } = credentials;
  const merchantSerialNumber = merchantSerialNumberFor(
    credentials.merchantSerialNumber,
    credentials.merchantSerialNumberUse ?? shared.merchantSerialNumberUse,
  );
  const subscriptionKeys = createSubscriptionKeys(
    subscriptionKey,
    subscriptionKeySecondary,
    observer.subscriptionKeySwitched,
  );
  const transport = { http, subscriptionKeys, systemHeaders, timeoutMs, observer };
  const tokens = createAccessTokens(
    createTokenCall({ ...transport, credentials, merchantSerialNumber: merchantSerialNumber('token') }),
  );
  const restarts = createRestarts();
  const beforeProof = restarts.watch(createSend({ ...transport, credentials, tokens }));
  const breakers = createBreakers(restarts, observer);
  const retry = { budget: createRetryBudget(), restarts, isOpen: breakers.isOpen, observer };
  const proof = createKeyProof({
    tokens,
    merchantSerialNumber: merchantSerialNumber('one'),
    send: withRetry(beforeProof, retry),
    onProved: () => onProved?.(),
    onRefused: () => onProved && reads.invalidate(''),
  });
  const send = proof.watch(beforeProof);
  const isLink = linksOf(shared.origin);
  const onDrop = (path: string, isPrefix: boolean) => shared.onDrop?.(key, path, isPrefix);
  const limit = createLimit({ ...shared, observer });
  const retried = withRetry(withLimit(breakers.watch(send), limit), retry);
  const flights = withSingleFlight(key, archive ? withArchive(retried, archive) : retried, observer);
  const reads = cache
    ? withCache(key, flights, { cache, observer, maxStaleMs, archive, onDrop })
    : withoutCache(flights, onDrop);
  const writes = createWrites({
    sendWrite: createSendWrite({ send, limit, restarts, timeoutMs, observer }),
    store: shared.store,
    identity: createWriteIdentity(shared.origin, credentials),
    onChange: () => {
      reads.invalidate(PRODUCT_ORDERS_PATH);
      archive?.ordersChanged();
    },
    observer,
    flights: shared.flights,
    provedSince: onProved && proof.since,
    isLink,
  });
  const apiOptions = { merchantSerialNumber, observer, isLink };
  return {
    key,
    api: createManagementApi(reads, writes, apiOptions),
    uncachedApi: createManagementApi(flights, writes, apiOptions),
    dataVersion: reads.version,
    noteReuse: (route, count) => observer.readServed(route, 'cache', count),
    checkKeys: async () => {
      await tokens.get();
    },
    callsOfLast: statistics.last,
    get keyState() {
      return proof.state;
    },
    settled: writes.settled,
  };
}
