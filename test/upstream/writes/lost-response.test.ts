import { describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { freshKeyEachTime } from './fresh-keys.ts';
import { callCount, env, failureOf, linkOf, orderCount, POST, prefill, times } from './ordering.ts';

describe('F05: a connection that breaks in the body of a response', () => {
  it('creates one order, since the second attempt carries the same key', async () => {
    await using gateway = await startTestGateway({ env });
    const before = orderCount(gateway);
    gateway.sandbox.fault({ route: POST, reset: 'midBody', times: 1 });
    const { data, errors } = await prefill(gateway);
    expect([errors, data?.prefillProductOrder.productOrder?.status]).toEqual([undefined, 'RECEIVED']);
    expect([orderCount(gateway) - before, callCount(gateway)]).toEqual([1, 2]);
  });

  it('would create two orders with a new key for each attempt', async () => {
    await using gateway = await startTestGateway({ env, wrapHttp: freshKeyEachTime });
    const before = orderCount(gateway);
    gateway.sandbox.fault({ route: POST, reset: 'midBody', times: 1 });
    await prefill(gateway);
    expect(orderCount(gateway) - before).toBe(2);
  });

  it('is retried for a read', async () => {
    await using gateway = await startTestGateway({ env });
    const route = 'GET /management/v1/sales-units';
    gateway.sandbox.fault({ route, reset: 'midBody', times: 1 });
    const { errors } = await gateway.query('{ salesUnits { totalCount } }');
    expect([errors, callCount(gateway, route)]).toEqual([undefined, 2]);
  });
});

describe('F45: an upstream that commits and never responds', () => {
  async function orderInto(gateway: TestGateway, count: number, hangs: number) {
    gateway.sandbox.fault({ route: POST, hang: true, times: hangs });
    const answers = await times(count, () => prefill(gateway));
    gateway.sandbox.clearFaults();
    return answers;
  }
  const concurrent = { ...env, UPSTREAM_CONCURRENCY: '100' };

  it('causes one order per input, reported as created or as unknown with its key, never as failed', async () => {
    await using gateway = await startTestGateway({ env: concurrent });
    const before = orderCount(gateway);
    // Every first and second attempt hangs, and some of the third.
    const answers = await orderInto(gateway, 100, 240);
    const unknown = answers.filter(({ errors }) => errors);
    const told = answers.filter(({ data }) => data?.prefillProductOrder.prefillUrl);
    expect(unknown.length).toBeGreaterThan(0);
    expect(told.length + unknown.length).toBe(100);
    expect(new Set(unknown.map((answer) => failureOf(answer)?.[0]?.[0]))).toEqual(
      new Set(['OUTCOME_UNKNOWN']),
    );
    const keys = answers.map(({ data }) => data?.prefillProductOrder.idempotencyKey);
    expect(new Set(keys).size).toBe(100);
    expect(unknown.map((answer) => failureOf(answer)?.[0]?.[1])).toEqual(
      unknown.map(({ data }) => data?.prefillProductOrder.idempotencyKey),
    );
    expect(orderCount(gateway) - before).toBe(100);
    expect(callCount(gateway)).toBeLessThanOrEqual(300);
    // Repeating the request with the key from the error returns the order.
    const again = await times(unknown.length, (index) =>
      prefill(gateway, { idempotencyKey: failureOf(unknown[index] ?? {})?.[0]?.[1] }),
    );
    expect(again.every(({ data }) => data?.prefillProductOrder.prefillUrl)).toBe(true);
    expect(orderCount(gateway) - before).toBe(100);
  });

  it('would create several orders for one input with a new key for each attempt', async () => {
    await using gateway = await startTestGateway({ env: concurrent, wrapHttp: freshKeyEachTime });
    const before = orderCount(gateway);
    await orderInto(gateway, 10, 30);
    expect(orderCount(gateway) - before).toBe(30);
  });
});

describe('a success whose response cannot be parsed', () => {
  it('is OUTCOME_UNKNOWN and is not retried', async () => {
    await using gateway = await startTestGateway({ env });
    const before = orderCount(gateway);
    gateway.sandbox.fault({ route: POST, contentType: 'text/html', times: 1 });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(callCount(gateway)).toBe(1);
    const { data } = await prefill(gateway, { idempotencyKey: 'k' });
    expect(data?.prefillProductOrder.prefillUrl).toBeTruthy();
    expect(orderCount(gateway) - before).toBe(1);
  });
});

describe('an unusable success response', () => {
  it.each([
    ['too large', { huge: 400_000 }],
    ['without an id', { patch: [{ path: ['prefilledOrderId'], remove: true as const }] }],
    ['with an id that is none', { patch: [{ path: ['prefilledOrderId'], value: '../x' }] }],
  ])('leaves the outcome unknown: %s', async (_what, fault) => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, times: 1, ...fault });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
  });
});
