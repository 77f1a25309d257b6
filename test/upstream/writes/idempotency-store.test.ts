import { describe, expect, it } from 'vitest';
import { openSqliteIdempotencyStore } from '../../../src/store/sqlite-idempotency.ts';
import { IdempotencyStoreUnavailable } from '../../../src/upstream/errors.ts';
import { startTestGateway } from '../../support/gateway.ts';
import {
  callCount,
  env,
  failureOf,
  LIST,
  linkOf,
  orderCount,
  POST,
  PREFILL,
  prefill,
  smallest,
} from './ordering.ts';

describe('an unavailable idempotency store', () => {
  it('leaves the outcome of a client key unknown, and fails an order without a key', async () => {
    const outcomes = await openSqliteIdempotencyStore({ file: ':memory:' });
    await using gateway = await startTestGateway({
      env,
      outcomes: { ...outcomes, claim: () => Promise.reject(new IdempotencyStoreUnavailable('busy')) },
    });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(failureOf(await prefill(gateway))?.[0]?.[0]).toBe('OVERLOADED');
    expect(callCount(gateway)).toBe(0);
  });

  it('does not fail the order when only writing fails', async () => {
    const outcomes = await openSqliteIdempotencyStore({ file: ':memory:' });
    await using gateway = await startTestGateway({
      env,
      outcomes: { ...outcomes, recordSuccess: () => Promise.reject(new Error('disk full')) },
    });
    const before = orderCount(gateway);
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    // The upstream remembers the key too, and answers the repeat.
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    expect(orderCount(gateway) - before).toBe(1);
  });
});

describe('two processes that share a store', () => {
  it('create one order when the client leaves the first and asks the second', async () => {
    const outcomes = await openSqliteIdempotencyStore({ file: ':memory:' });
    await using one = await startTestGateway({ env: { ...env, UPSTREAM_CONCURRENCY: '1' }, outcomes });
    await using other = await startTestGateway({ env, outcomes, shared: one.sandbox });
    const before = orderCount(one);
    one.sandbox.fault({ route: LIST, delayMs: 350 });
    const busy = one.query('{ salesUnits { totalCount } }');
    await expect.poll(() => callCount(one, LIST)).toBe(1);
    const client = new AbortController();
    const left = one
      .query(PREFILL, { input: { ...smallest, idempotencyKey: 'k' } }, { signal: client.signal })
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 30));
    one.sandbox.fault({ route: POST, delayMs: 100 });
    const retry = prefill(other, { idempotencyKey: 'k' });
    await expect.poll(() => callCount(one)).toBe(1);
    client.abort();
    await Promise.all([left, busy]);
    expect(linkOf(await retry)).toBeTruthy();
    const again = await prefill(one, { idempotencyKey: 'k' });
    expect(again.data?.prefillProductOrder.replayed).toBe(true);
    expect([orderCount(one) - before, callCount(one)]).toEqual([1, 1]);
  });
});
