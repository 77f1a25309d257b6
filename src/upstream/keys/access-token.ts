import { UpstreamUnauthorized } from '../errors.ts';

/** A token and which one it is: a late 401 of an old token must not throw away the new one. */
export interface AccessToken {
  readonly value: string;
  readonly generation: number;
}

/** What a token call gives. */
export interface IssuedToken {
  readonly value: string;
  /** Seconds, as the upstream said it; NaN when it said nothing readable. */
  readonly expiresIn: number;
}

export interface AccessTokens {
  /** The current token; one call for however many waiters when there is none. */
  get(): AccessToken | Promise<AccessToken>;
  /** Fetches a new token although there is one: only a token call shows that the client secret is still good. */
  renew(): Promise<AccessToken>;
  /** An API call succeeded with this token: it is a good one. */
  accept(token: AccessToken): void;
  /** The upstream answered 401 to this token. True when it is worth trying again with {@link AccessTokens.get}. */
  reject(token: AccessToken): boolean;
}

// A token that claims to live no time at all would otherwise be fetched for every call.
const SHORTEST_LIFE_MS = 30_000;
const RETRY_MS = 30_000;
// One endpoint that refuses every token must not make a new one for each operation that asks it.
const REFRESHES_PER_RETRY = 3;
const FAILURE_MEMORY_MS = 1_000;

/**
 * Keeps one token alive: fetched on demand, renewed in the background at four fifths of its life, and thrown away on
 * a 401. `now` is a monotonic clock in milliseconds, so that a wall clock that jumps ends no token.
 */
export function createAccessTokens(
  fetchToken: () => Promise<IssuedToken>,
  now: () => number = () => performance.now(),
): AccessTokens {
  let current: AccessToken | undefined;
  let renewAt = 0;
  let expiresAt = 0;
  let generation = 0;
  let accepted = false;
  let failure: { readonly error: unknown; readonly until: number } | undefined;
  let refreshes: number[] = [];
  let pending: Promise<AccessToken> | undefined;

  const fetchOnce = () => {
    pending ??= fetchToken()
      .then(
        ({ value, expiresIn }) => {
          const life = expiresIn > 0 ? expiresIn * 1_000 : SHORTEST_LIFE_MS;
          renewAt = now() + life * 0.8;
          expiresAt = now() + life * 0.95;
          accepted = false;
          failure = undefined;
          current = { value, generation: ++generation };
          return current;
        },
        (error: unknown) => {
          // For those who are waiting in the queue: each of them would otherwise try again.
          failure = { error, until: now() + FAILURE_MEMORY_MS };
          throw error;
        },
      )
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };

  const renewInBackground = () => {
    if (pending) return;
    renewAt = now() + RETRY_MS;
    // The old token still serves; when it ends, the next caller meets the failure itself.
    fetchOnce().catch(() => {});
  };

  return {
    get() {
      if (!current || now() >= expiresAt)
        return failure && now() < failure.until ? Promise.reject(failure.error) : fetchOnce();
      if (now() >= renewAt) renewInBackground();
      return current;
    },
    renew() {
      if (failure && now() < failure.until) return Promise.reject(failure.error);
      return fetchOnce().catch((error: unknown) => {
        if (error instanceof UpstreamUnauthorized) current = undefined;
        throw error;
      });
    },
    accept(token) {
      if (token.generation === generation) accepted = true;
    },
    reject(token) {
      if (token.generation !== current?.generation) return true;
      refreshes = refreshes.filter((at) => now() - at < RETRY_MS);
      // A token fetched because of a 401 and refused before it ever worked: the keys are wrong, not the token. Another
      // one is not asked for at once, but is in a while, since the keys may have been mended.
      if (refreshes.length >= (accepted ? REFRESHES_PER_RETRY : 1)) return false;
      current = undefined;
      refreshes.push(now());
      return true;
    },
  };
}
