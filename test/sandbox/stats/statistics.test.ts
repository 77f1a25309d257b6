import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { control, send, signIn } from '../client.ts';

const LIST = '/management/v1/sales-units';
const getMany = (sandbox: Sandbox, headers: Record<string, string>, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, at) =>
      send(sandbox, 'GET', `${LIST}/${sandbox.data.msns[at]}`, { headers }),
    ),
  );
const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await wait(2);
};

describe('statistics', () => {
  it('count calls by route, and tokens apart, but no control request', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const headers = await signIn(sandbox);
    await getMany(sandbox, headers, 3);
    await send(sandbox, 'GET', '/nowhere', { headers });
    await control(sandbox, 'GET', 'stats');
    const { json } = await control(sandbox, 'GET', 'stats');
    expect(json.calls).toEqual({
      'POST /accesstoken/get': 1,
      'GET /management/v1/sales-units/{msn}': 3,
      'GET (unknown route)': 1,
    });
    expect(json).toMatchObject({ tokenCalls: 1, aborted: 0 });
    expect(json).toEqual(sandbox.stats());
  });

  it('know the most calls at once', async () => {
    await using sandbox = await startSandbox({ latencyMs: 60 });
    const headers = await signIn(sandbox);
    await getMany(sandbox, headers, 9);
    await getMany(sandbox, headers, 4);
    expect(sandbox.stats().peak).toBe(9);
  });

  it('never count two calls at once for a client that sends one after the other', async () => {
    await using sandbox = await startSandbox({ units: 20_000, latencyMs: 0 });
    const headers = await signIn(sandbox);
    for (let call = 0; call < 20; call++) await send(sandbox, 'GET', LIST, { headers });
    expect(sandbox.stats().peak).toBe(1);
  });

  it('count calls that the client gave up, and let them count as over', async () => {
    await using sandbox = await startSandbox({ latencyMs: 10_000 });
    const leaving = new AbortController();
    const calls = [1, 2, 3].map(() =>
      send(sandbox, 'GET', LIST, { signal: leaving.signal }).catch(() => 'left'),
    );
    await until(() => sandbox.stats().peak === 3);
    leaving.abort();
    expect(await Promise.all(calls)).toEqual(['left', 'left', 'left']);
    await until(() => sandbox.stats().aborted === 3);
    expect(sandbox.calls().map(({ status }) => status)).toEqual([null, null, null]);
    sandbox.reset();
    expect(sandbox.stats()).toEqual({
      calls: {},
      tokenCalls: 0,
      peak: 0,
      aborted: 0,
      tenants: {},
      orders: 0,
      idempotencyKeys: {},
    });
  });

  it('forget a call that was given up before its answer was due', async () => {
    const exchanges: Exchange[] = [];
    await using sandbox = await startSandbox({
      latencyMs: 40,
      onExchange: (exchange) => exchanges.push(exchange),
    });
    await expect(send(sandbox, 'GET', LIST, { signal: AbortSignal.timeout(10) })).rejects.toThrow();
    await wait(60);
    expect(exchanges).toMatchObject([{ path: LIST, status: null, faulted: false }]);
    sandbox.reset();
    await send(sandbox, 'GET', LIST);
    expect(sandbox.stats().peak).toBe(1);
  });

  it('still know of calls that are in progress while they are reset', async () => {
    await using sandbox = await startSandbox({ latencyMs: 60 });
    const calls = [1, 2].map(() => send(sandbox, 'GET', LIST));
    await until(() => sandbox.stats().peak === 2);
    sandbox.reset();
    await Promise.all([...calls, send(sandbox, 'GET', LIST)]);
    expect(sandbox.stats().peak).toBe(3);
  });

  it('start again after a reset, which ends faults and keeps tokens', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const headers = await signIn(sandbox);
    sandbox.fault({ route: `GET ${LIST}`, status: 500 });
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(500);
    expect((await control(sandbox, 'POST', 'reset')).status).toBe(204);
    expect(sandbox.calls()).toEqual([]);
    expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(200);
    const calls = { [`GET ${LIST}`]: 1 };
    expect(sandbox.stats()).toMatchObject({ calls, tokenCalls: 0, peak: 1, aborted: 0 });
  });
});

describe('the log of calls', () => {
  it('tells when each call came, where it went and how it ended', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    const headers = await signIn(sandbox);
    await send(sandbox, 'GET', '/management/v2/product-orders?includeExpired=true', { headers });
    await send(sandbox, 'GET', `${LIST}/1`, { headers });
    const { json } = await control(sandbox, 'GET', 'calls');
    expect(json).toEqual(sandbox.calls());
    const known = {
      at: expect.any(Number),
      method: 'GET',
      tenant: 'partner',
      durationMs: expect.any(Number),
    };
    expect(json.slice(1)).toEqual([
      {
        ...known,
        number: 2,
        path: '/management/v2/product-orders?includeExpired=true',
        template: '/management/v2/product-orders',
        status: 200,
      },
      { ...known, number: 3, path: `${LIST}/1`, template: `${LIST}/{msn}`, status: 400 },
    ]);
    expect(json[0].at).toBeLessThan(json[2].at);
  });

  it('keeps the last 5000 calls in the order of their arrival', async () => {
    await using sandbox = await startSandbox({ latencyMs: 0 });
    for (let call = 0; call < 5003; call += 100) {
      await Promise.all(
        Array.from({ length: Math.min(100, 5003 - call) }, () => send(sandbox, 'GET', '/', {})),
      );
    }
    await send(sandbox, 'GET', '/last', {});
    const calls = sandbox.calls();
    expect(calls).toHaveLength(5000);
    expect(calls.at(-1)?.path).toBe('/last');
    expect(calls.map(({ at }) => at)).toEqual(calls.map(({ at }) => at).sort((a, b) => a - b));
  });
});

it('makes every call take the latency', async () => {
  await using sandbox = await startSandbox({ latencyMs: 80 });
  const started = performance.now();
  await send(sandbox, 'POST', '/accesstoken/get');
  expect(performance.now() - started).toBeGreaterThanOrEqual(79);
});
