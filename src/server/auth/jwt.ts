import { decodeJwt, decodeProtectedHeader, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtOptions } from '../../config/config.ts';
import { scopes as knownScopes, type Scope } from '../../config/scopes.ts';
import { Unauthenticated } from '../errors/request-errors.ts';
import type { AuthMethod, Caller } from './caller.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import type { Tenants } from './tenants.ts';
import { CLOCK_TOLERANCE_S, faultOfToken } from './token-claims.ts';

/** Longer tokens are not decoded. */
const LONGEST_TOKEN = 16 * 1024;

/** `Authorization: Bearer <JWT>`, verified with the keys of its issuer. One claim names the tenant, another the scopes. */
export function byJwt(
  tenants: Tenants,
  options: JwtOptions,
  getKey: JWTVerifyGetKey = createIssuerKeys(options.jwksUrl),
): AuthMethod {
  const { issuer, audience, algorithms, tenantClaim, scopesClaim } = options;
  return ({ header }) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(header('authorization') ?? '') ?? [];
    // Gateway keys are for the other method.
    if (token === undefined || /^mg_/i.test(token)) return undefined;
    const verify = async (): Promise<Caller> => {
      if (token.length > LONGEST_TOKEN) throw new Unauthenticated('the token is too long');
      // Before the keys are read: a token that is invalid in itself must not cause a request to the issuer.
      const protectedHeader = decodeProtectedHeader(token);
      if (!protectedHeader.alg || !(algorithms as readonly string[]).includes(protectedHeader.alg))
        throw new Unauthenticated('the algorithm of the token is not allowed');
      const fault = faultOfToken(protectedHeader, decodeJwt(token), options);
      if (fault !== undefined) throw new Unauthenticated(fault);
      const { payload } = await jwtVerify(token, getKey, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp'],
      });
      const tenantId = payload[tenantClaim];
      const tenant = typeof tenantId === 'string' ? tenants.byId(tenantId) : undefined;
      if (!tenant) throw new Unauthenticated('the token names no tenant of this gateway');
      return {
        id: `jwt ${payload.sub ?? ''}`,
        tenantId: tenant.id,
        client: tenant.client,
        directory: tenant.directory,
        scopes: readScopes(payload[scopesClaim]),
        audience: 'browser',
        limits: tenant.limits,
        isStillValid: () =>
          tenants.byId(tenant.id) !== undefined &&
          Date.now() / 1_000 < Number(payload.exp) + CLOCK_TOLERANCE_S,
        isCurrent: () => tenants.byId(tenant.id)?.client === tenant.client,
      };
    };
    return verify().catch((error: unknown) => {
      if (error instanceof Unauthenticated) throw error;
      // The messages of the library quote claims. Its codes do not.
      throw new Unauthenticated(error instanceof errors.JOSEError ? error.code : 'not a token');
    });
  };
}

/** Reads a text with spaces, as in OAuth, or a list. Ignores scopes that the gateway does not know. */
function readScopes(claim: unknown): ReadonlySet<Scope> {
  const given = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return new Set(knownScopes.filter((scope) => given.includes(scope)));
}
