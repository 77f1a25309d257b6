import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/server/auth/caller.ts';
import { byJwt } from '../../../src/server/auth/jwt.ts';
import type { Tenants } from '../../../src/server/auth/tenants.ts';
import { Unauthenticated } from '../../../src/server/errors/request-errors.ts';
import type { UpstreamClient } from '../../../src/upstream/client.ts';
import { type Issuer, startIssuer } from '../../support/issuer.ts';

const acme = { id: 'acme', client: {} as UpstreamClient, limits: {} };
const tenants = { byId: (id: string) => (id === 'acme' ? acme : undefined) } as Tenants;
const now = () => Math.floor(Date.now() / 1_000);
const DAY = 24 * 60 * 60;

describe('a token with a good signature', () => {
  let issuer: Issuer;
  let ask: (token: string) => Promise<Caller | undefined>;
  beforeAll(async () => {
    issuer = await startIssuer();
    const method = byJwt(tenants, {
      jwksUrl: issuer.jwksUrl,
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: ['RS256'],
      tenantClaim: 'tenant',
      scopesClaim: 'scope',
    });
    ask = async (token) =>
      method({ header: (name) => (name === 'authorization' ? `Bearer ${token}` : undefined) });
  });
  afterAll(() => issuer[Symbol.asyncDispose]());

  it.each<[claims: object, header?: object]>([
    [{}],
    [{}, { typ: 'JWT' }],
    [{}, { typ: 'jwt' }],
    [{}, { typ: 'at+jwt' }],
    [{}, { typ: 'application/at+JWT' }],
    [{ sub: undefined }],
    [{ sub: 'x'.repeat(255) }],
    [{ iat: undefined }],
    [{ nbf: now() - 1, exp: now() + 30 * DAY }],
    [{ aud: ['https://other.example', 'https://gateway.example'] }],
  ])('is taken: %j %j', async (claims, header) => {
    expect(await ask(await issuer.sign({ tenant: 'acme', ...claims }, header))).toMatchObject({
      tenantId: 'acme',
    });
  });

  it.each<[claims: object, header?: object]>([
    [{}, { typ: 'logout+jwt' }],
    [{}, { typ: 'application/logout+jwt' }],
    [{}, { typ: 'dpop+jwt' }],
    [{}, { typ: 'secevent+jwt' }],
    [{}, { typ: 'token-introspection+jwt' }],
    [{}, { typ: '' }],
    [{}, { typ: 7 }],
    [{}, { typ: ['JWT'] }],
    [{}, { crit: ['https://issuer.example/odd'], 'https://issuer.example/odd': true }],
    [{ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }, { typ: 'JWT' }],
    [{ nonce: 'n' }],
    [{ at_hash: 'h' }],
    [{ exp: 1e308 }],
    [{ exp: Number.MAX_SAFE_INTEGER }],
    [{ exp: now() + 600.5 }],
    [{ exp: `${now() + 600}` }],
    [{ exp: null }],
    [{ exp: undefined }],
    [{ exp: -1 }],
    [{ exp: now() + 40 * DAY }],
    [{ iat: 1e308 }],
    [{ iat: now() + 600, exp: now() + 1_200 }],
    [{ iat: -1e308 }],
    [{ iat: 'yesterday' }],
    [{ nbf: now() + 600 }],
    [{ nbf: 1e300 }],
    [{ nbf: {} }],
    [{ sub: '' }],
    [{ sub: 7 }],
    [{ sub: { toString: 'x' } }],
    [{ sub: ['somebody'] }],
    [{ sub: null }],
    [{ sub: 'x'.repeat(256) }],
    [{ sub: 'x'.repeat(2_000_000) }],
    [{ aud: 'https://gateway.example.evil' }],
    [{ iss: ['https://issuer.example'] }],
  ])('is refused: %.60j %j', async (claims, header) => {
    const token = await issuer.sign({ tenant: 'acme', ...claims }, header as never);
    await expect(ask(token)).rejects.toThrow(Unauthenticated);
    await expect(ask(token)).rejects.toMatchObject({ isOutage: false });
  });
});
