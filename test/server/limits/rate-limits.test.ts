import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuthFailureLimit } from '../../../src/server/auth/auth-failure-limit.ts';
import { Unauthenticated } from '../../../src/server/errors/request-errors.ts';
import { Secret } from '../../../src/upstream/keys/secret.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.ts';

const url = 'http://127.0.0.1/graphql';
const send = async ({ gateway }: TestGateway, body: string, headers: Record<string, string> = {}) =>
  gateway.fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const ask = (gateway: TestGateway, query: string, headers: Record<string, string> = {}) =>
  send(gateway, JSON.stringify({ query }), headers);
const cheap = '{ __typename }';
const five = '{ salesUnits(first: 4) { nodes { configuration { captureType } } } }';

/** A tenant of 40 points, whose caller has 20, and who says who it is in a header. */
const options: TestGatewayOptions = { env: { RATE_LIMIT_PER_MINUTE: '40' } };
async function startForMany(): Promise<TestGateway> {
  const base = await startTestGateway();
  const gateway = await startTestGateway({
    ...options,
    shared: base.sandbox,
    gateway: {
      authenticate: async ({ header }) => {
        const [tenantId = '', id = ''] = (header('authorization') ?? '').split(' ');
        if (id === 'wrong') throw new Unauthenticated('wrong');
        const limits = tenantId === 'small' ? { pointsPerMinute: 4 } : {};
        return { id, tenantId, client: base.client, scopes: new Set(), audience: 'backend', limits };
      },
    },
  });
  return {
    ...gateway,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await base[Symbol.asyncDispose]();
    },
  };
}
const as = (authorization: string) => ({ authorization });
const times = async (count: number, work: () => Promise<Response>) => {
  const statuses: number[] = [];
  for (let index = 0; index < count; index++) statuses.push((await work()).status);
  return statuses;
};

/** Lets time pass on the monotonic clock alone. */
let passed = 0;
const pass = (ms: number) => (passed += ms);

beforeEach(() => {
  passed = 0;
  const real = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => real() + passed);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('the points of a minute', () => {
  it('are spent by cost, and reported on request', async () => {
    await using gateway = await startTestGateway(options);
    const { extensions } = await gateway.query(five, undefined, { headers: { 'x-cost-report': '1' } });
    expect(extensions?.cost).toEqual({ calls: 5, rows: 10, points: 5, charged: 5, remaining: 15 });
    const next = await gateway.query(cheap, undefined, { headers: { 'x-upstream-report': '1' } });
    expect(next.extensions?.cost).toEqual({ calls: 0, rows: 1, points: 1, charged: 1, remaining: 14 });
    expect(await gateway.query(cheap)).not.toHaveProperty('extensions');
  });

  it('when spent, are answered with 429, when to come back, and no upstream call', async () => {
    await using gateway = await startTestGateway(options);
    for (let index = 0; index < 4; index++) await ask(gateway, five);
    const before = gateway.calls();
    pass(20_500);
    const response = await ask(gateway, cheap);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '40']);
    expect(await response.json()).toMatchObject({
      errors: [
        {
          extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.closeTo(39_000, -3.31) },
        },
      ],
    });
    expect(gateway.calls()).toEqual(before);
    pass(39_501);
    expect((await ask(gateway, five)).status).toBe(200);
  });

  it('refuse an expensive operation that no longer fits, and leave the rest to cheap ones', async () => {
    await using gateway = await startTestGateway(options);
    for (let index = 0; index < 3; index++) await ask(gateway, five);
    await ask(gateway, cheap);
    const before = gateway.calls();
    const dear = await ask(gateway, five);
    expect([dear.status, dear.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await dear.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.closeTo(59_500, -3.31) } }],
    });
    expect(gateway.calls()).toEqual(before);
    // The request itself was a point.
    expect(await times(4, () => ask(gateway, cheap))).toEqual([200, 200, 200, 429]);
  });

  it('are spent by what is no operation at all, too', async () => {
    await using gateway = await startTestGateway(options);
    await times(10, () => send(gateway, '{"query":'));
    await times(10, () => ask(gateway, '{ salesUnitz { msn } }'));
    expect((await ask(gateway, cheap)).status).toBe(429);
  });

  it('are half of its tenant’s for one caller, so that another finds some', async () => {
    await using gateway = await startForMany();
    expect(await times(21, () => ask(gateway, cheap, as('acme a')))).toEqual([...Array(20).fill(200), 429]);
    expect(await times(21, () => ask(gateway, cheap, as('acme b')))).toEqual([...Array(20).fill(200), 429]);
    expect((await ask(gateway, cheap, as('acme c'))).status).toBe(429);
    expect((await ask(gateway, cheap, as('other a'))).status).toBe(200);
  });

  it('are not taken from the caller when its tenant has none left', async () => {
    await using gateway = await startForMany();
    await times(15, () => ask(gateway, cheap, as('acme a')));
    await times(15, () => ask(gateway, cheap, as('acme b')));
    expect(
      (
        await ask(
          gateway,
          '{ salesUnits(first: 11) { nodes { configuration { captureType } } } }',
          as('acme c'),
        )
      ).status,
    ).toBe(429);
    expect(await times(10, () => ask(gateway, cheap, as('acme c')))).toEqual([...Array(9).fill(200), 429]);
  });

  it('follow the tenant’s own limit, and no header about addresses', async () => {
    await using gateway = await startForMany();
    const statuses = [];
    for (let index = 0; index < 4; index++)
      statuses.push(
        (await ask(gateway, cheap, { ...as('small a'), 'x-forwarded-for': `10.0.0.${index}` })).status,
      );
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it('are no cap for all time: an operation dearer than a minute’s points is too expensive', async () => {
    await using gateway = await startTestGateway(options);
    const { errors, extensions } = await gateway.query(
      '{ salesUnits(first: 20) { nodes { configuration { captureType } } } }',
      undefined,
      { headers: { 'x-cost-report': '1' } },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_EXPENSIVE' } }]);
    expect(extensions?.cost).toEqual({ calls: 21, rows: 42, points: 21 });
  });

  it('are not counted without authentication', async () => {
    await using gateway = await startTestGateway({ gateway: {} });
    const { extensions } = await gateway.query(five, undefined, { headers: { 'x-cost-report': '1' } });
    expect(extensions?.cost).toEqual({ calls: 5, rows: 10, points: 5, charged: 5 });
  });
});

describe('the limit of upstream calls', () => {
  it('is the tenant’s own where it has one', async () => {
    await using gateway = await startTestGateway({ caller: { limits: { maxUpstreamCalls: 4 } } });
    const { errors } = await gateway.query(five);
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_EXPENSIVE' } }]);
    expect(errors?.[0]?.message).not.toMatch(/\d/);
    expect(gateway.calls()).toEqual({});
  });
});

it('are counted by a clock that nobody sets: a wall clock set back an hour makes nobody wait for an hour', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 100_000_000 });
  await using gateway = await startTestGateway(options);
  for (let index = 0; index < 4; index++) await ask(gateway, five);
  vi.setSystemTime(100_000_000 - 3_600_000);
  const response = await ask(gateway, cheap);
  expect(response.status).toBe(429);
  expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  pass(60_001);
  expect((await ask(gateway, cheap)).status).toBe(200);
});

describe('failed authentication', () => {
  it('is limited to 60 failures a minute, which does not affect valid credentials', async () => {
    await using gateway = await startForMany();
    expect(await times(61, () => ask(gateway, cheap, as('acme wrong')))).toEqual([
      ...Array(60).fill(401),
      429,
    ]);
    const wrong = await ask(gateway, cheap, as('acme wrong'));
    expect([wrong.status, wrong.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await wrong.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    // Behind a proxy all have one address: a stranger must not lock out who has a good key, fresh or not.
    expect((await ask(gateway, cheap, as('acme a'))).status).toBe(200);
    pass(60_001);
    expect((await ask(gateway, cheap, as('acme wrong'))).status).toBe(401);
  });

  it('is counted by network, not by address: a client with one IPv6 address has a whole /64', async () => {
    const failureLimit = createAuthFailureLimit(2);
    failureLimit.recordFailure('2001:db8:1:2::1');
    failureLimit.recordFailure('2001:db8:1:2:ffff::9');
    expect(failureLimit.waitMs('2001:db8:1:2:3:4:5:6')).toBeGreaterThan(0);
    expect(failureLimit.waitMs('2001:db8:1:3::1')).toBeUndefined();
    failureLimit.recordFailure('::ffff:10.0.0.1');
    failureLimit.recordFailure('10.0.0.1');
    expect(failureLimit.waitMs('::ffff:10.0.0.1')).toBeGreaterThan(0);
    expect(failureLimit.waitMs('::1')).toBeUndefined();
  });

  it('does not include failing to reach the issuer', async () => {
    await using gateway = await startTestGateway({
      env: { AUTH_FAILURES_PER_MINUTE: '3' },
      gateway: {
        authenticate: async () => {
          throw new Unauthenticated('down', { isOutage: true });
        },
      },
    });
    expect(await times(5, () => ask(gateway, cheap))).toEqual(Array(5).fill(503));
  });

  const visiting = (secret?: string): TestGatewayOptions => ({
    caller: { verifiedByUpstream: true },
    ...(secret && { credentials: () => ({ clientSecret: new Secret(secret) }) }),
    env: { AUTH_FAILURES_PER_MINUTE: '3' },
  });

  it('at the upstream’s keys counts as well', async () => {
    await using gateway = await startTestGateway(visiting('wrong'));
    expect(await times(3, () => ask(gateway, five))).toEqual([200, 200, 200]);
    expect((await ask(gateway, five)).status).toBe(429);
  });

  it('… all at once too, and by operations that ask the upstream for nothing', async () => {
    await using gateway = await startTestGateway(visiting('wrong'));
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await ask(gateway, five)).status),
    );
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(3);
    await using idle = await startTestGateway(visiting());
    expect(await times(4, () => ask(idle, cheap))).toEqual([200, 200, 200, 429]);
  });

  it('… and valid keys do not count', async () => {
    await using gateway = await startTestGateway(visiting());
    expect(await times(8, () => ask(gateway, five))).toEqual(Array(8).fill(200));
  });
});

describe('a key that is revoked while the body is sent', () => {
  it('runs no operation', async () => {
    let good = true;
    await using gateway = await startTestGateway({
      caller: {
        isStillValid: () => good,
      },
    });
    expect((await ask(gateway, cheap)).status).toBe(200);
    good = false;
    const answer = await ask(gateway, five);
    expect([answer.status, (await answer.json()).errors[0].extensions.code]).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
    expect(gateway.calls()['GET /management/v1/sales-units']).toBeUndefined();
  });
});
