import { describe, expect, it } from 'vitest';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import {
  callCount,
  env,
  failureOf,
  linkOf,
  orderCount,
  POST,
  PREFILL,
  prefill,
  smallest,
  times,
} from './ordering.ts';

describe('F34: a client that disconnects while its order is being sent', () => {
  async function leave(gateway: TestGateway, keys: readonly string[]) {
    gateway.sandbox.fault({ route: POST, delayMs: 100 });
    const client = new AbortController();
    const answers = keys.map((idempotencyKey) =>
      gateway
        .query(PREFILL, { input: { ...smallest, idempotencyKey } }, { signal: client.signal })
        .catch(() => undefined),
    );
    await expect.poll(() => callCount(gateway)).toBe(keys.length);
    client.abort();
    await Promise.all(answers);
    await gateway.client.settled();
    gateway.sandbox.clearFaults();
  }
  const keys = Array.from({ length: 100 }, (_, index) => `left-${index}`);

  it('does not abort the call, and keeps the outcome for a repeat with the same key', async () => {
    await using gateway = await startTestGateway({
      env: { ...env, UPSTREAM_TIMEOUT_MS: '2000', UPSTREAM_CONCURRENCY: '100' },
    });
    const before = orderCount(gateway);
    await leave(gateway, keys);
    expect([orderCount(gateway) - before, gateway.sandbox.stats().aborted]).toEqual([100, 0]);
    const again = await times(100, (index) => prefill(gateway, { idempotencyKey: keys[index] }));
    expect(again.every(({ data }) => data?.prefillProductOrder.replayed)).toBe(true);
    expect(again.every(({ data }) => data?.prefillProductOrder.prefillUrl)).toBe(true);
    expect([orderCount(gateway) - before, callCount(gateway)]).toEqual([100, 100]);
  });

  it('would abort the call if it were tied to its client', async () => {
    const client = new Cancellation();
    await using gateway = await startTestGateway({
      env: { ...env, UPSTREAM_TIMEOUT_MS: '2000' },
      wrapHttp: (http) => ({ ...http, exchange: (request) => http.exchange(request, client) }),
    });
    gateway.sandbox.fault({ route: POST, delayMs: 100 });
    const answer = prefill(gateway);
    await expect.poll(() => callCount(gateway)).toBe(1);
    client.cancel(new Error('left'));
    await answer;
    await expect.poll(() => gateway.sandbox.stats().aborted).toBeGreaterThan(0);
  });

  it('cancels an order that is still queued', async () => {
    await using gateway = await startTestGateway({ env: { ...env, UPSTREAM_CONCURRENCY: '1' } });
    const before = orderCount(gateway);
    gateway.sandbox.fault({ route: 'GET /management/v1/sales-units', delayMs: 100 });
    const busy = gateway.query('{ salesUnits { totalCount } }');
    await expect.poll(() => callCount(gateway, 'GET /management/v1/sales-units')).toBe(1);
    const client = new AbortController();
    const answer = gateway
      .query(PREFILL, { input: { ...smallest, idempotencyKey: 'queued' } }, { signal: client.signal })
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.abort();
    await Promise.all([busy, answer]);
    await gateway.client.settled();
    expect([orderCount(gateway) - before, callCount(gateway)]).toEqual([0, 0]);
    // Its key can be used for another input.
    const { data } = await prefill(gateway, { idempotencyKey: 'queued', salesUnitName: 'Another' });
    expect(data?.prefillProductOrder.replayed).toBe(false);
  });
});

describe('the deadline of an operation', () => {
  it('ends the wait but not the order', async () => {
    await using gateway = await startTestGateway({
      env: { UPSTREAM_TIMEOUT_MS: '5000', REQUEST_DEADLINE_MS: '200' },
    });
    const before = orderCount(gateway);
    gateway.sandbox.fault({ route: POST, delayMs: 600, times: 1 });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    await gateway.client.settled();
    const { data } = await prefill(gateway, { idempotencyKey: 'k' });
    expect(data?.prefillProductOrder).toMatchObject({ replayed: true });
    expect([orderCount(gateway) - before, callCount(gateway)]).toEqual([1, 1]);
  });
});

describe('two clients that wait for one order', () => {
  it('both get the possible order when the first runs out of time', async () => {
    const shared = { UPSTREAM_CONCURRENCY: '1', UPSTREAM_TIMEOUT_MS: '5000', REQUEST_DEADLINE_MS: '1500' };
    await using gateway = await startTestGateway({ env: shared });
    const before = orderCount(gateway);
    gateway.sandbox.fault({ route: POST, delayMs: 2_000, times: 1 });
    const busy = prefill(gateway, { idempotencyKey: 'busy' });
    await expect.poll(() => callCount(gateway)).toBe(1);
    const first = prefill(gateway, { idempotencyKey: 'k' });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const second = prefill(gateway, { idempotencyKey: 'k' });
    // Without the second client the queued order would be dropped.
    expect(failureOf(await first)).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(linkOf(await second)).toBeTruthy();
    await busy;
    await gateway.client.settled();
    expect(orderCount(gateway) - before).toBe(2);
  });
});
