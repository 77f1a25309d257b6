import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { authenticateBy } from '../../../src/server/auth/authenticate.ts';
import { byJwt } from '../../../src/server/auth/jwt.ts';
import type { Tenants } from '../../../src/server/auth/tenants.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { type Issuer, startIssuer } from '../../support/issuer.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the keys of an issuer', () => {
  let issuer: Issuer;
  let gateway: TestGateway;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    issuer = await startIssuer();
    const tenants = {
      byId: (id: string) => ({ id, client: gateway.client, limits: {} }),
    } as unknown as Tenants;
    const options = {
      jwksUrl: issuer.jwksUrl,
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: ['RS256'],
      tenantClaim: 'tenant',
      scopesClaim: 'scope',
    } as const;
    gateway = await startTestGateway({
      gateway: { authenticate: authenticateBy([byJwt(tenants, options)]) },
    });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await gateway[Symbol.asyncDispose]();
    await issuer[Symbol.asyncDispose]();
  });
  const claims = { tenant: 'acme', scope: 'read' };
  const pass = (ms: number) => vi.advanceTimersByTime(ms);
  const ask = async (token: string) => {
    const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ __typename }"}',
    });
    const { errors } = (await response.json()) as {
      errors?: { extensions: { code: string; retryAfterMs?: number } }[];
    };
    return [response.status, errors?.[0]?.extensions.code, response.headers.get('retry-after')];
  };

  it('that were never read leave a token undecided', async () => {
    issuer.mode = 'down';
    const token = await issuer.sign(claims);
    expect(await ask(token)).toEqual([503, 'AUTHENTICATION_UNAVAILABLE', '30']);
    pass(20_000);
    expect(await ask(token)).toEqual([503, 'AUTHENTICATION_UNAVAILABLE', '10']);
    issuer.mode = 'well';
    pass(10_000);
    expect(await ask(token)).toEqual([200, undefined, null]);
    expect(issuer.fetches).toBe(2);
  });

  it.each(['down', 'huge'] as const)(
    'go on when they are known and the issuer is %s, for a day',
    async (mode) => {
      await ask(await issuer.sign(claims));
      issuer.mode = mode;
      for (const ms of [MINUTE, HOUR, 12 * HOUR]) {
        pass(ms);
        expect(await ask(await issuer.sign(claims))).toEqual([200, undefined, null]);
      }
      expect(issuer.fetches).toBe(3);
      pass(12 * HOUR);
      expect((await ask(await issuer.sign(claims)))[0]).toBe(503);
    },
  );

  it('are not asked for by a token that is wrong by itself', async () => {
    issuer.mode = 'down';
    for (const wrong of [{ exp: 1 }, { iss: 'https://evil.example' }, { aud: 'other' }, { sub: 7 }])
      expect((await ask(await issuer.sign({ ...claims, ...wrong })))[0]).toBe(401);
    for (const token of ['a.b.c', 'x', `${'a'.repeat(20_000)}`]) expect((await ask(token))[0]).toBe(401);
    expect(issuer.fetches).toBe(0);
  });

  it('that were published a moment ago are known after the cool-down, and the old ones all the time', async () => {
    const old = await issuer.sign(claims);
    await ask(old);
    const { publish } = await issuer.rotate('second');
    publish();
    const token = await issuer.sign(claims);
    expect(await ask(token)).toEqual([401, 'UNAUTHENTICATED', '30']);
    expect(await ask(old)).toEqual([200, undefined, null]);
    expect(issuer.fetches).toBe(1);
    pass(30_000);
    expect(await ask(token)).toEqual([200, undefined, null]);
    expect(await ask(old)).toEqual([200, undefined, null]);
    expect(issuer.fetches).toBe(2);
  });

  it('that are unknown while the issuer is down leave a token undecided', async () => {
    await ask(await issuer.sign(claims));
    await issuer.rotate('second');
    pass(31_000);
    issuer.mode = 'down';
    const token = await issuer.sign(claims);
    for (let round = 0; round < 3; round++) expect((await ask(token))[0]).toBe(503);
    expect(issuer.fetches).toBe(2);
  });

  it('that are no key set do not replace those that are', async () => {
    const token = await issuer.sign(claims);
    await ask(token);
    pass(11 * MINUTE);
    issuer.mode = 'odd';
    expect((await ask(token))[0]).not.toBe(500);
    expect(await ask(await issuer.sign(claims))).toEqual([200, undefined, null]);
  });
});
