import { decodeJwt, decodeProtectedHeader, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtOptions } from '../../config/config.ts';
import { scopes as knownScopes, type Scope } from '../../config/scopes.ts';
import { Unauthenticated } from '../errors/request-errors.ts';
import type { AuthMethod, Caller } from './caller.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import type { Tenants } from './tenants.ts';
import { CLOCK_TOLERANCE_S, faultOfToken } from './token-claims.ts';

/** As long as all headers of a request may be: a longer one is not decoded. */
const LONGEST_TOKEN = 16 * 1024;

/** `Authorization: Bearer <JWT>`: checked against the keys of its issuer; one claim names the tenant, another the scopes. */
export function byJwt(
  tenants: Tenants,
  options: JwtOptions,
  getKey: JWTVerifyGetKey = createIssuerKeys(options.jwksUrl),
): AuthMethod {
  const { issuer, audience, algorithms, tenantClaim, scopesClaim } = options;
  return ({ header }) => {
    const [, token] = /^Bearer (\S+)$/i.exec(header('authorization') ?? '') ?? [];
    // A key of this gateway is for the other method.
    if (token === undefined || /^mg_/i.test(token)) return undefined;
    const verify = async (): Promise<Caller> => {
      if (token.length > LONGEST_TOKEN) throw new Unauthenticated('the token is too long');
      // Before its keys are looked for: what is wrong by itself is no question to the issuer, nor an outage of it.
      const protectedHeader = decodeProtectedHeader(token);
      if (!protectedHeader.alg || !(algorithms as readonly string[]).includes(protectedHeader.alg))
        throw new Unauthenticated('the algorithm of the token');
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
        scopes: readScopes(payload[scopesClaim]),
        audience: 'browser',
        limits: tenant.limits,
        isStillValid: () => tenants.byId(tenant.id) !== undefined,
      };
    };
    return verify().catch((error: unknown) => {
      if (error instanceof Unauthenticated) throw error;
      // The library's messages quote claims; its codes do not.
      throw new Unauthenticated(error instanceof errors.JOSEError ? error.code : 'not a token');
    });
  };
}

/** A text with spaces, as OAuth has it, or a list. What the gateway does not know is left out. */
function readScopes(claim: unknown): ReadonlySet<Scope> {
  const given = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return new Set(knownScopes.filter((scope) => given.includes(scope)));
}
