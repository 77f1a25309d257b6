import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { askForManagementToken, control, send, signIn, standardHeaders } from '../client.ts';
import { order, smallest } from '../ordering.ts';

const LIST = '/management/v1/sales-units';
const POST = 'POST /management/v1/product-orders';

describe('the calls of each caller', () => {
  it('are counted by token, and by keys where tokens are issued', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const headers = await signIn(sandbox);
    const others = await signIn(sandbox, sandbox.callers.otherMerchant);
    const { json } = await askForManagementToken(sandbox);
    for (const own of [headers, headers, others, { Authorization: `Bearer ${json.access_token}` }]) {
      await send(sandbox, 'GET', LIST, { headers: own });
    }
    const { tenants, calls } = (await control(sandbox, 'GET', 'stats')).json;
    expect(tenants).toEqual({
      partner: { 'POST /accesstoken/get': 1, [`GET ${LIST}`]: 2 },
      otherMerchant: { 'POST /accesstoken/get': 1, [`GET ${LIST}`]: 1 },
      management: { 'POST /miami/v1/token': 1, [`GET ${LIST}`]: 1 },
    });
    expect(calls).toEqual({ 'POST /accesstoken/get': 2, 'POST /miami/v1/token': 1, [`GET ${LIST}`]: 4 });
  });

  it('are nobody’s with a token that is not valid any more', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const headers = await signIn(sandbox);
    sandbox.reset();
    sandbox.revokeTokens('partner');
    await send(sandbox, 'GET', LIST, { headers });
    expect(sandbox.stats()).toMatchObject({ calls: { [`GET ${LIST}`]: 1 }, tenants: {} });
    expect(sandbox.calls()).toMatchObject([{ tenant: null, status: 401 }]);
  });

  it('are still theirs when the keys they send are wrong', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const { merchant } = sandbox.callers;
    for (const wrong of [{ clientSecret: 'x' }, { clientId: 'x' }]) {
      const headers = standardHeaders({ ...merchant, ...wrong });
      expect((await send(sandbox, 'POST', '/accesstoken/get', { headers })).status).toBe(401);
    }
    expect(sandbox.stats().tenants).toEqual({ merchant: { 'POST /accesstoken/get': 2 } });
  });
});

describe('idempotency keys', () => {
  it('are counted with the orders made and the statuses answered', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const headers = await signIn(sandbox);
    await order(sandbox, headers, smallest, 'one');
    await order(sandbox, headers, smallest, 'one');
    await order(sandbox, headers, { ...smallest, productType: 'LOGIN' }, 'one');
    await order(sandbox, headers, '{', 'two');
    await order(sandbox, headers, smallest, '__proto__-');
    await send(sandbox, 'GET', LIST, { headers: { ...headers, 'Idempotency-Key': 'one' } });
    const { json } = await control(sandbox, 'GET', 'stats');
    expect(json).toMatchObject({ calls: { [POST]: 5 }, orders: 1 });
    expect(json.idempotencyKeys).toEqual({
      one: { calls: 3, orders: 1, statuses: { 201: 2, 409: 1 } },
      two: { calls: 1, orders: 0, statuses: { 400: 1 } },
      '__proto__-': { calls: 1, orders: 0, statuses: { 400: 1 } },
    });
    const keys = sandbox.calls().map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toEqual([undefined, 'one', 'one', 'one', 'two', '__proto__-', 'one']);
  });

  it('are the last 10,000, and none is longer than the API takes', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const headers = { Authorization: 'Bearer none' };
    const ask = (key: string) =>
      send(sandbox, 'POST', '/management/v1/product-orders', {
        headers: { ...headers, 'Idempotency-Key': key },
      });
    await ask('x'.repeat(51));
    for (let sent = 0; sent < 10_003; sent += 100) {
      await Promise.all(
        Array.from({ length: Math.min(100, 10_003 - sent) }, (_, at) => ask(`key-${sent + at}`)),
      );
    }
    const keys = Object.keys(sandbox.stats().idempotencyKeys);
    expect(keys).toHaveLength(10_000);
    expect(keys).toContain('key-10002');
    expect(keys).not.toContain('key-0');
    expect(keys).not.toContain('x'.repeat(51));
  });
});

describe('the log of calls', () => {
  it('is read on from where it was left, also over a reset', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    for (let call = 1; call <= 6; call++) await send(sandbox, 'GET', `/${call}`);
    const paths = async (query: string) =>
      (await control(sandbox, 'GET', `calls?${query}`)).json.map(({ path }: { path: string }) => path);
    expect(await paths('since=4')).toEqual(['/5', '/6']);
    expect(await paths('since=2&limit=2')).toEqual(['/3', '/4']);
    expect(await paths('limit=0')).toEqual([]);
    expect(await paths('since=6')).toEqual([]);
    sandbox.reset();
    await send(sandbox, 'GET', '/7');
    expect(await paths('since=6')).toEqual(['/7']);
    expect(await paths('since=0')).toEqual(['/7']);
    expect(await paths('since=7')).toEqual([]);
  });

  it('keeps the numbers right when old calls are gone', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    for (let call = 0; call < 5100; call += 100) {
      await Promise.all(Array.from({ length: 100 }, () => send(sandbox, 'GET', '/')));
    }
    const [first] = sandbox.calls();
    expect(first?.number).toBe(101);
    const { json } = await control(sandbox, 'GET', 'calls?since=5098');
    expect(json.map(({ number }: { number: number }) => number)).toEqual([5099, 5100]);
  });

  it.each(['since=-1', 'limit=many', 'since=', 'limit=1.5'])('refuses %s', async (query) => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    expect((await control(sandbox, 'GET', `calls?${query}`)).status).toBe(400);
  });

  it('tells how long each call took', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 40 });
    await send(sandbox, 'GET', LIST);
    const [call] = sandbox.calls();
    expect(call?.durationMs).toBeGreaterThanOrEqual(39);
    expect(call?.durationMs).toBeLessThan(5000);
  });
});
