import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { callCount, env, LIST, linkOf, orderCount, POST, prefill } from './writes/ordering.ts';

const unit = 'GET /management/v1/sales-units/{msn}';
const PACKAGES = 'GET /management/v1/partners/price-packages';

describe('a 423', () => {
  it('is tried again, for reads and for writes under their key', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: LIST, status: 423, times: 1 });
    gateway.sandbox.fault({ route: POST, status: 423, times: 1 });
    const before = orderCount(gateway);
    const { errors } = await gateway.query('{ salesUnits { totalCount } }');
    expect([errors, callCount(gateway, LIST)]).toEqual([undefined, 2]);
    expect(linkOf(await prefill(gateway))).toBeTruthy();
    expect([callCount(gateway), orderCount(gateway) - before]).toEqual([2, 1]);
  });

  it('is a retryable error when it lasts', async () => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: LIST, status: 423 });
    const { errors } = await gateway.query('{ salesUnits { totalCount } }');
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
    expect(callCount(gateway, LIST)).toBe(3);
  });
});

describe('a 204', () => {
  it('is an empty list, or null for one object', async () => {
    await using gateway = await startTestGateway();
    const msn = gateway.sandbox.data.msns[0];
    for (const route of [LIST, unit, 'GET /management/v2/product-orders'])
      gateway.sandbox.fault({ route, status: 204 });
    const { data, errors } = await gateway.query(
      `{ salesUnits { totalCount nodes { msn } } salesUnit(msn: "${msn}") { msn } productOrders { totalCount } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      salesUnits: { totalCount: 0, nodes: [] },
      salesUnit: null,
      productOrders: { totalCount: 0 },
    });
  });
});

it('skips a byte-order mark before JSON, in lists and in error bodies', async () => {
  await using gateway = await startTestGateway();
  const list = JSON.stringify([{ msn: '123456', name: 'Kiosk' }]);
  gateway.sandbox.fault({ route: LIST, status: 200, body: `\ufeff${list}`, contentType: 'application/json' });
  const { data } = await gateway.query('{ salesUnits { nodes { msn name } } }');
  expect(data).toEqual({ salesUnits: { nodes: [{ msn: '123456', name: 'Kiosk' }] } });
  const body = '\ufeff{"title":"Bad","status":403}';
  gateway.sandbox.fault({ route: PACKAGES, status: 403, body, contentType: 'application/problem+json' });
  await gateway.query('{ pricePackages { market } }');
  expect(gateway.logs).toContainEqual(
    expect.objectContaining({ problem: expect.objectContaining({ title: 'Bad', writtenBy: 'api' }) }),
  );
});

describe('equal inputs', () => {
  it.each([
    ['the default of hasRecurring', { hasRecurring: false }],
    ['null', { hasRecurring: null, salesUnitName: null, website: null }],
  ])('are one input: left out, or %s', async (_what, changes) => {
    await using gateway = await startTestGateway({ env });
    const before = orderCount(gateway);
    const first = await prefill(gateway, { idempotencyKey: 'same' });
    const again = await prefill(gateway, { idempotencyKey: 'same', ...changes });
    expect(again.errors).toBeUndefined();
    expect(linkOf(again)).toBe(linkOf(first));
    expect([again.data?.prefillProductOrder.replayed, orderCount(gateway) - before]).toEqual([true, 1]);
  });

  it('are others when they ask for recurring payments', async () => {
    await using gateway = await startTestGateway({ env });
    await prefill(gateway, { idempotencyKey: 'same' });
    const { errors } = await prefill(gateway, { idempotencyKey: 'same', hasRecurring: true });
    expect(errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});

describe('a filter', () => {
  it('finds every order that shows UNKNOWN', async () => {
    await using gateway = await startTestGateway();
    const route = 'GET /management/v2/product-orders';
    gateway.sandbox.fault({
      route,
      patch: [
        { path: ['0', 'productOrderType'], value: 'NEW_TYPE' },
        { path: ['1', 'productOrderType'], remove: true },
      ],
    });
    const { data } = await gateway.query(
      '{ productOrders(filter: { type: [UNKNOWN] }) { totalCount nodes { type } } }',
    );
    expect(data).toEqual({
      productOrders: { totalCount: 2, nodes: [{ type: 'UNKNOWN' }, { type: 'UNKNOWN' }] },
    });
  });
});
