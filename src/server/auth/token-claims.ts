import type { JWTPayload, ProtectedHeaderParameters } from 'jose';

/** How far the clocks of two machines may differ. */
export const CLOCK_TOLERANCE_S = 5;
/** Issuers offer access tokens for a month at most. A longer one would be a password that cannot be revoked. */
const LONGEST_LIFE_S = 31 * 24 * 60 * 60;
/** OpenID Connect allows 255 characters. */
const LONGEST_SUBJECT = 255;

/**
 * RFC 9068 calls an access token `at+jwt`; most issuers write `JWT` or nothing. Every other type was made for another
 * purpose: `logout+jwt`, `secevent+jwt`, `dpop+jwt`, `token-introspection+jwt`, …
 */
const TYPES: readonly unknown[] = [undefined, 'jwt', 'at+jwt'];

/**
 * Claims that access tokens do not have: `events` marks a security event such as a logout (RFC 8417), which issuers
 * older than its type send as `JWT`; `nonce`, `at_hash` and `c_hash` mark an ID token, which tells an application who
 * has logged in and permits nothing.
 */
const FOREIGN_CLAIMS = ['events', 'nonce', 'at_hash', 'c_hash'];

/** The expected claims of a token. */
export interface Expected {
  readonly issuer: string;
  readonly audience: string;
}

/**
 * Returns why the token is not valid for this gateway, independent of its signature; undefined if it is valid. The reason
 * contains no text of the token.
 */
export function faultOfToken(
  { typ }: ProtectedHeaderParameters,
  payload: JWTPayload,
  { issuer, audience }: Expected,
  nowS = Math.floor(Date.now() / 1_000),
): string | undefined {
  if (!TYPES.includes(typeof typ === 'string' ? mediaType(typ) : typ)) return 'the type of the token';
  if (FOREIGN_CLAIMS.some((name) => payload[name] !== undefined)) return 'not an access token';
  const { iss, aud, sub, exp, iat, nbf } = payload;
  if (iss !== issuer) return 'the issuer of the token';
  if (!(Array.isArray(aud) ? aud : [aud]).includes(audience)) return 'the audience of the token';
  if (!isTime(exp) || !(iat === undefined || isTime(iat)) || !(nbf === undefined || isTime(nbf)))
    return 'a time in the token';
  if (exp <= nowS - CLOCK_TOLERANCE_S) return 'ERR_JWT_EXPIRED';
  const latestStart = Math.max(iat ?? 0, nbf ?? 0);
  if (latestStart > nowS + CLOCK_TOLERANCE_S || latestStart > exp) return 'the token begins in the future';
  if (exp > nowS + LONGEST_LIFE_S) return 'the token lives too long';
  const isSubject = typeof sub === 'string' && sub !== '' && sub.length <= LONGEST_SUBJECT;
  if (sub !== undefined && !isSubject) return 'the subject of the token';
  return undefined;
}

/** A media type may be written in any case, and without `application/` (RFC 7515). */
const mediaType = (typ: string) => typ.toLowerCase().replace(/^application\//, '');

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
