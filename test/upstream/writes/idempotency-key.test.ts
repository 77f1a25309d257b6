import { describe, expect, it } from 'vitest';
import { openSqliteIdempotencyStore } from '../../../src/store/sqlite-idempotency.ts';
import { Secret } from '../../../src/upstream/keys/secret.ts';
import type { IdempotencyStore } from '../../../src/upstream/writes/idempotency-store.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { callCount, env, failureOf, linkOf, orderCount, POST, prefill, remove, times } from './ordering.ts';

/** A store that remembers nothing, as a control. */
const forgetful: IdempotencyStore = {
  claim: async () => ({ state: 'new', at: Date.now(), token: '' }),
  recordSuccess: async () => {},
  recordRefusal: async () => {},
  release: async () => {},
  orderOf: async () => undefined,
  madeAt: async (refs) => refs.map(() => undefined),
  close: () => {},
};

const DETAILS = 'GET /management/v2/product-orders/{productOrderId}/details';

describe('F46: one key sent a hundred times at once', () => {
  it('creates one order and a hundred equal responses', async () => {
    await using gateway = await startTestGateway({ env });
    const before = orderCount(gateway);
    const answers = await times(100, () => prefill(gateway, { idempotencyKey: 'same' }));
    expect(new Set(answers.map(({ data }) => data?.prefillProductOrder.prefillUrl)).size).toBe(1);
    expect(answers.filter(({ data }) => !data?.prefillProductOrder.replayed)).toHaveLength(1);
    expect([orderCount(gateway) - before, callCount(gateway)]).toEqual([1, 1]);
  });

  it('would create a hundred orders without the key', async () => {
    await using gateway = await startTestGateway({ env });
    const before = orderCount(gateway);
    await times(100, () => prefill(gateway));
    expect(orderCount(gateway) - before).toBe(100);
  });
});

describe('F47: a key reused with another input', () => {
  it.each([
    ['at once', true],
    ['later', false],
  ])('is rejected without a call, %s', async (_when, atOnce) => {
    await using gateway = await startTestGateway({ env });
    const first = prefill(gateway, { idempotencyKey: 'same' });
    if (!atOnce) await first;
    const answer = await prefill(gateway, { idempotencyKey: 'same', salesUnitName: 'Another' });
    expect(failureOf(answer)).toEqual([['IDEMPOTENCY_KEY_REUSED', 'same']]);
    expect((await first).errors).toBeUndefined();
    expect(callCount(gateway)).toBe(1);
  });

  it('would reach the upstream without a store', async () => {
    await using gateway = await startTestGateway({ env, outcomes: forgetful });
    await prefill(gateway, { idempotencyKey: 'same' });
    const answer = await prefill(gateway, { idempotencyKey: 'same', salesUnitName: 'Another' });
    // The upstream remembers keys too, as a second safeguard.
    expect(failureOf(answer)).toEqual([['IDEMPOTENCY_KEY_REUSED', 'same']]);
    expect(callCount(gateway)).toBeGreaterThan(1);
  });

  it('creates another order for another tenant that shares the store (A32)', async () => {
    const outcomes = await openSqliteIdempotencyStore({ file: ':memory:' });
    await using one = await startTestGateway({ env, outcomes });
    await using other = await startTestGateway({
      env,
      outcomes,
      shared: one.sandbox,
      credentials: ({ callers }) => keysOf(callers.otherPartner),
    });
    const idempotencyKey = 'same';
    const [mine, theirs] = [await prefill(one, { idempotencyKey }), await prefill(other, { idempotencyKey })];
    const [myId, theirId] = [mine, theirs].map(
      ({ data }) => data?.prefillProductOrder.productOrder?.productOrderId ?? '',
    );
    expect(theirs.data?.prefillProductOrder.replayed).toBe(false);
    expect(theirId).not.toBe(myId);
    expect(callCount(one)).toBe(2);
    // The other tenant cannot delete the order or learn that it exists.
    const deletion = await remove(other, myId ?? '');
    expect(deletion.data?.deleteProductOrder.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await other.query(`{ productOrder(productOrderId: "${myId}") { status } }`)).data).toEqual({
      productOrder: null,
    });
    expect((await one.query(`{ productOrder(productOrderId: "${myId}") { status } }`)).data).toEqual({
      productOrder: { status: 'RECEIVED' },
    });
  });
});

describe('a key whose order was deleted', () => {
  it('reports that the order is gone', async () => {
    await using gateway = await startTestGateway({ env });
    const { data } = await prefill(gateway, { idempotencyKey: 'k' });
    await remove(gateway, data?.prefillProductOrder.productOrder?.productOrderId ?? '');
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['NOT_FOUND', 'k']]);
    expect(callCount(gateway)).toBe(1);
  });
});

describe('an order made before', () => {
  it('is reported with its id and link when it cannot be read', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, hang: true, times: 3 });
    await prefill(gateway, { idempotencyKey: 'k' });
    gateway.sandbox.fault({ route: DETAILS, status: 500 });
    const { data, errors } = await prefill(gateway, { idempotencyKey: 'k' });
    expect(errors).toBeUndefined();
    expect(data?.prefillProductOrder.productOrder).toMatchObject({
      status: 'UNKNOWN',
      productOrderId: expect.any(String),
      url: data?.prefillProductOrder.prefillUrl,
    });
  });
});

describe('an input', () => {
  it('is the same with null as without the field', async () => {
    await using gateway = await startTestGateway({ env });
    await prefill(gateway, { idempotencyKey: 'k', salesUnitName: null, website: null });
    expect((await prefill(gateway, { idempotencyKey: 'k' })).data?.prefillProductOrder.replayed).toBe(true);
  });
});

describe('a conflict response', () => {
  it('is not reported as a reused key when the gateway made the key', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 409 });
    expect(failureOf(await prefill(gateway))?.[0]?.[0]).toBe('UPSTREAM_BAD_RESPONSE');
  });

  it('is retried, and ignored when the next attempt succeeds', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 409, times: 1 });
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
  });
});

const keysOf = (keys: { clientId: string; clientSecret: string; subscriptionKey: string }) => ({
  clientId: keys.clientId,
  clientSecret: new Secret(keys.clientSecret),
  subscriptionKey: new Secret(keys.subscriptionKey),
  subscriptionKeySecondary: undefined,
});
