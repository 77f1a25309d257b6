import { UpstreamUnauthorized } from '../errors.ts';

/** `generation` tells tokens apart: a late 401 to an old token must not discard the new one. */
export interface AccessToken {
  readonly value: string;
  readonly generation: number;
}

/** The answer to a token call. */
export interface IssuedToken {
  readonly value: string;
  /** Seconds, as the upstream sent it; NaN when it cannot be read. */
  readonly expiresIn: number;
}

export interface AccessTokens {
  /** Returns the current token. When there is none, all waiters share one token call. */
  get(): AccessToken | Promise<AccessToken>;
  /** Fetches a new token although there is one: only a token call shows that the client secret is still valid. */
  renew(): Promise<AccessToken>;
  /** Notes that a call of this route succeeded with this token. */
  accept(token: AccessToken, route: string): void;
  /**
   * Notes that the upstream answered 401 to this token on this route. Returns whether to try again with
   * {@link AccessTokens.get}.
   */
  reject(token: AccessToken, route: string): boolean;
}

// A token whose lifetime is zero or cannot be read would be fetched for every call. This one is renewed after 32 s.
const ASSUMED_LIFE_MS = 40_000;
const RETRY_MS = 30_000;
// One endpoint that refuses every token must not cause a token call for each operation that uses it. Tokens that helped do
// not count.
const REFRESHES_PER_RETRY = 3;
const FAILURE_MEMORY_MS = 1_000;
/** After the second refusal in a row. Calls with wrong keys must not become a token call each second. */
const REFUSAL_MEMORY_MS = 30_000;

/**
 * Keeps one token: fetches it on demand, renews it in the background at four fifths of its lifetime and discards it on a
 * 401. `now` is a monotonic clock in milliseconds, so that a jump of the wall clock expires no token.
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
  let refusals = 0;
  let failure: { readonly error: unknown; readonly until: number } | undefined;
  /** Tokens that were fetched because of a 401, as long as the refused route has not worked since. */
  let futile: { readonly route: string; readonly at: number }[] = [];
  let pending: Promise<AccessToken> | undefined;

  const fetchOnce = () => {
    pending ??= fetchToken()
      .then(
        ({ value, expiresIn }) => {
          const life = expiresIn > 0 ? expiresIn * 1_000 : ASSUMED_LIFE_MS;
          renewAt = now() + life * 0.8;
          expiresAt = now() + life * 0.95;
          accepted = false;
          refusals = 0;
          failure = undefined;
          current = { value, generation: ++generation };
          return current;
        },
        (error: unknown) => {
          // Remembered for calls that wait in the queue, each of which would otherwise try again.
          refusals = error instanceof UpstreamUnauthorized ? refusals + 1 : 0;
          failure = { error, until: now() + (refusals > 1 ? REFUSAL_MEMORY_MS : FAILURE_MEMORY_MS) };
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
    // The old token is still valid. When it expires, the next caller gets the failure.
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
    accept(token, route) {
      if (token.generation !== generation) return;
      accepted = true;
      // The new token has helped, so the old one was revoked. That may happen again at any time.
      if (futile.length > 0) futile = futile.filter((refresh) => refresh.route !== route);
    },
    reject(token, route) {
      if (token.generation !== current?.generation) return true;
      futile = futile.filter(({ at }) => now() - at < RETRY_MS);
      // A token that was fetched because of a 401 and refused before it ever worked means that the keys are wrong. The
      // next token is fetched after a pause, since the keys may have been corrected by then.
      if (futile.length >= (accepted ? REFRESHES_PER_RETRY : 1)) return false;
      current = undefined;
      futile.push({ route, at: now() });
      return true;
    },
  };
}
