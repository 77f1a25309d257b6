import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../../../src/server/auth/caller.ts';
import { byJwt } from '../../../src/server/auth/jwt.ts';
import type { Tenants } from '../../../src/server/auth/tenants.ts';
import { Unauthenticated } from '../../../src/server/errors/request-errors.ts';
import type { UpstreamClient } from '../../../src/upstream/client.ts';
import { type Issuer, startIssuer } from '../../support/issuer.ts';

const MINUTE = 60_000;
const acme = { id: 'acme', client: {} as UpstreamClient, limits: { pointsPerMinute: 7 } };
const tenants = { byId: (id: string) => (id === 'acme' ? acme : undefined) } as Tenants;

describe('callers with a token of an issuer', () => {
  let issuer: Issuer;
  let ask: (token: string | undefined) => Promise<Caller | undefined>;
  let claims: Record<string, unknown>;

  beforeEach(async () => {
    // Only the clocks: the issuer answers over real sockets.
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    issuer = await startIssuer();
    const { jwksUrl, issuer: name, audience } = issuer;
    const method = byJwt(tenants, {
      jwksUrl,
      issuer: name,
      audience,
      algorithms: ['RS256'],
      tenantClaim: 'tenant',
      scopesClaim: 'scope',
    });
    ask = async (token) =>
      method({ header: (header) => (header === 'authorization' && token ? `Bearer ${token}` : undefined) });
    claims = { tenant: 'acme', scope: 'read' };
  });
  afterEach(async () => {
    vi.useRealTimers();
    await issuer[Symbol.asyncDispose]();
  });

  it('are of the tenant and have the scopes that the claims name', async () => {
    const token = await issuer.sign({ ...claims, scope: 'read introspect admin' });
    expect(await ask(token)).toMatchObject({
      id: 'jwt somebody',
      tenantId: 'acme',
      client: acme.client,
      scopes: new Set(['read', 'introspect']),
      limits: { pointsPerMinute: 7 },
    });
  });

  it('may have scopes as a list, or no scopes', async () => {
    const listed = await ask(await issuer.sign({ ...claims, scope: ['read', 'product-orders:write', 7] }));
    expect(listed?.scopes).toEqual(new Set(['read', 'product-orders:write']));
    const { scope: _left, ...none } = claims;
    expect((await ask(await issuer.sign(none)))?.scopes).toEqual(new Set());
  });

  it('are left to other methods without a token, or with a key of the gateway', async () => {
    expect(await ask(undefined)).toBeUndefined();
    expect(await ask('mg_key')).toBeUndefined();
    expect(issuer.fetches).toBe(0);
  });

  it('do not learn why they are refused', async () => {
    const refused = ask(await issuer.sign({ ...claims, tenant: 'other' }));
    await expect(refused).rejects.toThrow(Unauthenticated);
    await expect(ask('a.b.c')).rejects.toThrow(Unauthenticated);
  });

  it('are let in until the token has expired, give or take the clocks of two machines', async () => {
    const token = await issuer.sign({ ...claims, exp: Math.floor(Date.now() / 1000) + 60 });
    expect(await ask(token)).toBeDefined();
    vi.setSystemTime(Date.now() + MINUTE + 4_000);
    expect(await ask(token)).toBeDefined();
    vi.setSystemTime(Date.now() + 2_000);
    await expect(ask(token)).rejects.toThrow('ERR_JWT_EXPIRED');
  });

  it('need no second look at the keys', async () => {
    for (let i = 0; i < 20; i++) expect(await ask(await issuer.sign(claims))).toBeDefined();
    expect(issuer.fetches).toBe(1);
  });

  const pass = (ms: number) => vi.advanceTimersByTime(ms);
  const refusedMany = async (count: number, kid: string) => {
    const token = await issuer.sign(claims, { kid });
    const asked = await Promise.allSettled(Array.from({ length: count }, () => ask(token)));
    expect(asked.map(({ status }) => status)).not.toContain('fulfilled');
  };

  it('cause one read of the keys in half a minute with unknown key ids', async () => {
    await ask(await issuer.sign(claims));
    for (let round = 0; round < 10; round++) await refusedMany(1_000, 'unknown');
    expect(issuer.fetches).toBe(1);
    pass(31_000);
    for (let round = 0; round < 3; round++) await refusedMany(100, 'unknown');
    expect(issuer.fetches).toBe(2);
  });

  it.each(['down', 'huge'] as const)('cause no more of them while the issuer is %s', async (mode) => {
    issuer.mode = mode;
    const good = await issuer.sign(claims);
    for (let round = 0; round < 5; round++) await expect(ask(good)).rejects.toThrow(Unauthenticated);
    expect(issuer.fetches).toBe(1);
    issuer.mode = 'well';
    pass(31_000);
    expect(await ask(good)).toBeDefined();
  });

  it('cause no more of them when the issuer goes down after its keys were read', async () => {
    const good = await issuer.sign(claims);
    await ask(good);
    pass(31_000);
    issuer.mode = 'down';
    for (let round = 0; round < 5; round++) await refusedMany(20, 'unknown');
    expect(issuer.fetches).toBe(2);
    expect(await ask(good)).toBeDefined();
  });
});
