import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { JwtOptions } from '../../config.ts';
import { scopes as knownScopes, type Scope } from '../../tenants-file.ts';
import type { Tenants } from '../tenants.ts';
import { type Caller, Unauthenticated, type Way } from './caller.ts';

const COOLDOWN_MS = 30_000;
const MAX_JWKS_BYTES = 256 * 1024;
const CLOCK_TOLERANCE_S = 5;

/** `Authorization: Bearer <JWT>`: checked against the keys of its issuer; one claim names the tenant, another the scopes. */
export function byJwt(
  tenants: Tenants,
  options: JwtOptions,
  getKey: JWTVerifyGetKey = remoteKeys(options.jwksUrl),
): Way {
  const { issuer, audience, algorithms, tenantClaim, scopesClaim } = options;
  return ({ header }) => {
    const [, token] = /^Bearer (\S+)$/i.exec(header('authorization') ?? '') ?? [];
    // A key of this gateway is for the other method.
    if (token === undefined || /^mg_/i.test(token)) return undefined;
    const verify = async (): Promise<Caller> => {
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
        tenant: tenant.tenant,
        scopes: readScopes(payload[scopesClaim]),
        audience: 'browser',
        limits: tenant.limits,
        stillHolds: () => tenants.byId(tenant.id) !== undefined,
      };
    };
    return verify().catch((error: unknown) => {
      if (error instanceof Unauthenticated) throw error;
      // The library's messages quote claims; its codes do not.
      const isOutage =
        !(error instanceof errors.JOSEError) ||
        error instanceof errors.JWKSTimeout ||
        error instanceof errors.JWKSInvalid;
      const reason = error instanceof errors.JOSEError ? error.code : 'the keys of the issuer cannot be read';
      throw new Unauthenticated(reason, { isOutage });
    });
  };
}

/** A text with spaces, as OAuth has it, or a list. What the gateway does not know is left out. */
function readScopes(claim: unknown): ReadonlySet<Scope> {
  const given = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return new Set(knownScopes.filter((scope) => given.includes(scope)));
}

/**
 * The issuer's keys: kept, and read again for an unknown key id or after a failure, at most once in half a minute. The
 * library waits so long only after a success: while the issuer is down, every token with an unknown key id would ask it.
 */
function remoteKeys(url: string): JWTVerifyGetKey {
  let askedAt = Number.NEGATIVE_INFINITY;
  return createRemoteJWKSet(new URL(url), {
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: 5_000,
    [customFetch]: (address: string, init: RequestInit) => {
      const now = performance.now();
      if (now - askedAt < COOLDOWN_MS) throw new errors.JWKSTimeout();
      askedAt = now;
      return fetchBounded(address, init);
    },
  });
}

async function fetchBounded(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_JWKS_BYTES) throw new errors.JWKSInvalid('too large');
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: response.status, headers: response.headers });
}
