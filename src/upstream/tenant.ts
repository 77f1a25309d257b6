import { createAccessTokens } from './access-token.ts';
import type { Credentials } from './credentials.ts';
import type { Http } from './http.ts';
import { createManagementApi, type ManagementApi } from './management-api.ts';
import type { OnDrift } from './read-answer.ts';
import type { RequestScope } from './request-scope.ts';
import { createSend } from './send.ts';
import { createSubscriptionKeys } from './subscription-keys.ts';
import { createTokenCall } from './token-call.ts';
import { withCache } from './with-cache.ts';
import { withLimit } from './with-limit.ts';
import { withSingleFlight } from './with-single-flight.ts';

export interface TenantOptions {
  readonly credentials: Credentials;
  /** Shared by all tenants of one upstream: it knows no keys. */
  readonly http: Http;
  readonly systemHeaders: Record<string, string>;
  readonly concurrency: number;
  readonly maxQueued: number;
  /** One attempt of one call, token calls included. */
  readonly timeoutMs: number;
  /** 0 keeps nothing. */
  readonly cacheMaxBytes: number;
  readonly onDrift: OnDrift;
}

/** One set of keys with everything that must never be shared between two: token, calls in flight, queue and cache. */
export interface Tenant {
  api(scope: RequestScope): ManagementApi;
  /** Resolves once the upstream has issued a token for the keys. Throws as a call would. */
  checkKeys(): Promise<void>;
}

/** Puts the layers together, outermost first: cache → single flight → limit → token → send. */
export function createTenant(options: TenantOptions): Tenant {
  const { credentials, http, systemHeaders, concurrency, maxQueued, timeoutMs, cacheMaxBytes, onDrift } =
    options;
  const { subscriptionKey, subscriptionKeySecondary, merchantSerialNumber } = credentials;
  const subscriptionKeys = createSubscriptionKeys(subscriptionKey, subscriptionKeySecondary);
  const tokens = createAccessTokens(
    createTokenCall({ http, credentials, subscriptionKeys, systemHeaders, timeoutMs }),
  );
  const send = createSend({ http, tokens, subscriptionKeys, systemHeaders, timeoutMs });
  const flights = withSingleFlight(withLimit(send, { concurrency, maxQueued }));
  const fetch = cacheMaxBytes > 0 ? withCache(flights, cacheMaxBytes) : flights;
  return {
    api: createManagementApi(fetch, { merchantSerialNumber, onDrift }),
    checkKeys: async () => {
      await tokens.get();
    },
  };
}
