import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../world/clock.ts';
import type { Tenant, TenantName, TokenFlow } from './callers.ts';

export interface IssuedToken {
  readonly accessToken: string;
  readonly issuedAt: number;
  readonly lifetimeSeconds: number;
}

/** The valid tokens. Any number may be valid at once, as upstream (source: getting-started page). */
export interface TokenStore {
  issue(tenant: Tenant): IssuedToken;
  /**
   * Returns the tenant that the token in this Authorization header was issued to. Undefined when the token is unknown,
   * expired or revoked: the API does not distinguish these.
   */
  find(authorization: string | undefined): Tenant | undefined;
  /** Revokes the tokens of one tenant, or all. */
  revoke(tenant?: TenantName): void;
  /** Returns how many tokens are valid. */
  count(): number;
}

// 24 hours for the standard flow, 15 minutes for management keys (source: access token guide, production).
const lifetimes: Record<TokenFlow, number> = { accesstoken: 86_400, miami: 900 };
const SWEEP_AT = 1000;
// Each takes more than a kilobyte, and a client without a cache asks for one with every call.
const MOST = 100_000;
// Dropped in one go, so that looking for expired ones costs little for each token.
const SHARE_DROPPED = 0.01;

/** Keeps at most `most` tokens. Beyond that, the oldest are dropped, which revokes them. */
export function createTokenStore(clock: Clock, lifetimeSeconds?: number, most = MOST): TokenStore {
  // Keyed by the whole header value, so that no call has to take it apart. The word Bearer is case-sensitive (source:
  // knowledge base, "Troubleshoot errors").
  const tokens = new Map<string, { tenant: Tenant; expiresAt: number }>();
  let sweepAt = SWEEP_AT;

  const dropExpired = () => {
    const now = clock.now();
    for (const [token, { expiresAt }] of tokens) if (expiresAt <= now) tokens.delete(token);
    // Doubling keeps the cost of sweeping small however many tokens are alive.
    sweepAt = Math.max(SWEEP_AT, tokens.size * 2);
  };

  const dropOldest = () => {
    const kept = most - Math.ceil(most * SHARE_DROPPED);
    for (const token of tokens.keys()) {
      if (tokens.size <= kept) return;
      tokens.delete(token);
    }
  };

  return {
    issue(tenant) {
      if (tokens.size >= Math.min(sweepAt, most)) dropExpired();
      if (tokens.size >= most) dropOldest();
      const { flow } = tenant;
      const lifetime = lifetimeSeconds ?? lifetimes[flow];
      const issuedAt = clock.now();
      const accessToken = createJwt(flow, issuedAt, lifetime);
      tokens.set(`Bearer ${accessToken}`, { tenant, expiresAt: issuedAt + lifetime * 1000 });
      return { accessToken, issuedAt, lifetimeSeconds: lifetime };
    },
    find(authorization = '') {
      const held = tokens.get(authorization);
      return held && held.expiresAt > clock.now() ? held.tenant : undefined;
    },
    revoke(tenant) {
      for (const [token, held] of tokens) if (!tenant || held.tenant.name === tenant) tokens.delete(token);
    },
    count() {
      dropExpired();
      return tokens.size;
    },
  };
}

// It only looks like a JWT: nobody can verify the signature, and the sandbox looks a token up by its whole text. Its
// length matters, since real ones have more than 1000 characters and must fit where a client stores them.
function createJwt(flow: TokenFlow, issuedAt: number, lifetimeSeconds: number): string {
  const seconds = Math.floor(issuedAt / 1000);
  const claims = {
    iss: 'sandbox',
    sub: flow,
    iat: seconds,
    nbf: seconds,
    exp: Math.floor(issuedAt / 1000 + lifetimeSeconds),
    jti: randomUUID(),
    note: 'Issued by a sandbox. '.repeat(24),
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${randomBytes(256).toString('base64url')}`;
}
