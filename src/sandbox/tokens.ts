import { randomBytes, randomUUID } from 'node:crypto';
import type { Caller } from './callers.ts';
import type { Clock } from './clock.ts';

export type TokenFlow = 'accesstoken' | 'miami';

export interface IssuedToken {
  readonly accessToken: string;
  readonly issuedAt: number;
  readonly lifetimeSeconds: number;
}

/** A token that is valid now. */
export interface TokenHolder {
  readonly caller: Caller;
  readonly flow: TokenFlow;
}

/** The tokens in force. Any number may be valid at once, as upstream (source: getting-started page). */
export interface TokenStore {
  issue(caller: Caller, flow: TokenFlow): IssuedToken;
  /** Undefined when the token is unknown, expired or revoked: the API tells no difference. */
  find(accessToken: string): TokenHolder | undefined;
  revokeAll(): void;
}

// 24 hours for the standard flow, 15 minutes for management keys (source: access token guide, production).
const lifetimes: Record<TokenFlow, number> = { accesstoken: 86_400, miami: 900 };
const SWEEP_AT = 1000;

export function createTokenStore(clock: Clock, lifetimeSeconds?: number): TokenStore {
  const tokens = new Map<string, TokenHolder & { expiresAt: number }>();
  let sweepAt = SWEEP_AT;

  const dropExpired = () => {
    const now = clock.now();
    for (const [token, { expiresAt }] of tokens) if (expiresAt <= now) tokens.delete(token);
    // Doubling keeps the cost of sweeping small however many tokens are alive.
    sweepAt = Math.max(SWEEP_AT, tokens.size * 2);
  };

  return {
    issue(caller, flow) {
      if (tokens.size >= sweepAt) dropExpired();
      const lifetime = lifetimeSeconds ?? lifetimes[flow];
      const issuedAt = clock.now();
      const accessToken = createJwt(flow, issuedAt, lifetime);
      tokens.set(accessToken, { caller, flow, expiresAt: issuedAt + lifetime * 1000 });
      return { accessToken, issuedAt, lifetimeSeconds: lifetime };
    },
    find(accessToken) {
      const holder = tokens.get(accessToken);
      return holder && holder.expiresAt > clock.now() ? holder : undefined;
    },
    revokeAll: () => tokens.clear(),
  };
}

// It only looks like a JWT: nobody can verify the signature, and the sandbox knows a token by its whole text. Its
// length matters, since the real ones have more than 1000 characters and must fit wherever a client keeps them.
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
