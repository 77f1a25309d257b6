import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/sandbox/faults/fault.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { send, signIn } from '../client.ts';
import { order, smallest } from '../ordering.ts';

const ORDER = 'POST /management/v1/product-orders';
let sandbox: Sandbox;
let headers: ApiHeaders;

/** Orders while the fault is on, and gives the status, if there was an answer. */
async function orderUnder(fault: Fault, key: string): Promise<number | undefined> {
  sandbox.fault({ route: ORDER, times: 1, ...fault });
  const sent = send(sandbox, 'POST', '/management/v1/product-orders', {
    headers: { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify(smallest),
    signal: AbortSignal.timeout(100),
  });
  return sent.then(
    ({ status }) => status,
    () => undefined,
  );
}

beforeAll(async () => {
  sandbox = await startSandbox({ units: 10, latencyMs: 0 });
  headers = await signIn(sandbox);
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('the work of the route', () => {
  it.each([
    ['is done before the call hangs', { hang: true }, undefined, 1],
    ['is done before the connection is cut', { reset: 'beforeHeaders' }, undefined, 1],
    ['is done before the body is cut', { reset: 'midBody' }, undefined, 1],
    ['is done before the body is truncated', { truncate: true }, undefined, 1],
    ['is done before another body is sent', { body: '<html>' }, undefined, 1],
    ['is done before an error that is asked for behind it', { status: 502, work: true }, 502, 1],
    ['is not done for an error', { status: 502 }, 502, 0],
    ['is not done for an error, said twice', { status: 502, work: false }, 502, 0],
    ['is not done when the call hangs before it', { hang: true, work: false }, undefined, 0],
    [
      'is not done when the connection is cut before it',
      { reset: 'beforeHeaders', work: false },
      undefined,
      0,
    ],
  ] as const)('%s', async (_, fault, status, orders) => {
    const key = crypto.randomUUID();
    const before = sandbox.data.orders.length;
    expect(await orderUnder(fault, key)).toBe(status);
    expect(sandbox.data.orders.length - before).toBe(orders);
    expect(sandbox.stats()).toMatchObject({ orders, idempotencyKeys: { [key]: { calls: 1, orders } } });

    // Whoever repeats the call with its key has one order in the end, whatever became of the first.
    expect((await order(sandbox, headers, smallest, key)).status).toBe(201);
    expect(sandbox.data.orders.length - before).toBe(1);
    expect(sandbox.stats()).toMatchObject({ orders: 1, idempotencyKeys: { [key]: { calls: 2, orders: 1 } } });
  });
});

describe('a connection that is cut in the body', () => {
  it.each([{ reset: 'midBody' as const }, { truncate: true as const }])(
    'is cut where the answer has no body, too: %j',
    async (fault) => {
      const { json } = await order(sandbox, headers);
      sandbox.fault({ route: 'DELETE /management/v1/product-orders/{productOrderId}', ...fault });
      const path = `${sandbox.url}/management/v1/product-orders/${json.prefilledOrderId}`;
      const sent = fetch(path, { method: 'DELETE', headers, signal: AbortSignal.timeout(2000) });
      await expect(sent.then((response) => response.text())).rejects.not.toThrow('timeout');
    },
  );
});
