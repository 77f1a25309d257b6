import { describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { callCount, env, orderCount, type Payload, POST, PREFILL_MANY, smallest } from './ordering.ts';

describe('F48: two fields of one operation', () => {
  const both = (one: string, other: string) => `mutation {
    one: prefillProductOrder(input: {businessIdentifier: {scheme: "business:NO:ORG", value: "123456785"}, productType: LOGIN${one}}) { idempotencyKey prefillUrl }
    other: prefillProductOrder(input: {businessIdentifier: {scheme: "business:NO:ORG", value: "123456785"}, productType: LOGIN${other}}) { idempotencyKey prefillUrl } }`;

  it('create two orders with two keys, and one order with one key', async () => {
    await using gateway = await startTestGateway({ env });
    const before = orderCount(gateway);
    const apart = await gateway.query<Record<'one' | 'other', Payload>>(both('', ''));
    expect(apart.data?.one.idempotencyKey).not.toBe(apart.data?.other.idempotencyKey);
    expect(orderCount(gateway) - before).toBe(2);
    const key = ', idempotencyKey: "shared"';
    const shared = await gateway.query<Record<'one' | 'other', Payload>>(both(key, key));
    expect(shared.data?.one).toEqual(shared.data?.other);
    expect([orderCount(gateway) - before, callCount(gateway)]).toEqual([3, 3]);
  });

  it('keep the result of one when the other fails', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 401, times: 4 });
    const { data, errors } = await gateway.query<Record<'one' | 'other', Payload>>(
      both(', idempotencyKey: "first"', ', idempotencyKey: "second"'),
    );
    expect(errors?.map(({ path, extensions }) => [path, extensions.idempotencyKey])).toEqual([
      [['one'], 'first'],
      [['other'], 'second'],
    ]);
    expect(data?.one).toEqual({ idempotencyKey: 'first', prefillUrl: null });
  });
});

describe('another field of the same mutation', () => {
  const one =
    'one: prefillProductOrder(input: {businessIdentifier: {scheme: "business:NO:ORG", value: "123456785"}, productType: LOGIN}) { idempotencyKey prefillUrl }';

  it('does not hide the result of an order when it has too many inputs', async () => {
    await using gateway = await startTestGateway({ env });
    const { data, errors } = await gateway.query<{ one: Payload }>(
      `mutation ($m: [PrefillProductOrderInput!]!) { ${one} two: prefillProductOrders(inputs: $m) { userErrors { code } } }`,
      { m: Array(51).fill(smallest) },
    );
    expect([errors, data]).toMatchObject([
      undefined,
      { one: { prefillUrl: expect.any(String) }, two: { userErrors: [{ code: 'TOO_MANY' }] } },
    ]);
  });

  it('is rejected before the first one runs when its argument is invalid', async () => {
    await using gateway = await startTestGateway({ env });
    const { data, errors } = await gateway.query(
      `mutation ($i: PrefillProductOrderInput = {businessIdentifier: {scheme: "business:NO:ORG", value: "123456785"}, productType: LOGIN}) { ${one} ...two }
       fragment two on Mutation { two: prefillProductOrder(input: $i) { prefillUrl } }`,
      { i: null },
    );
    expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([undefined, ['BAD_USER_INPUT']]);
    expect(callCount(gateway)).toBe(0);
  });
});

describe('several orders in one field', () => {
  const many = (gateway: TestGateway, inputs: readonly object[]) =>
    gateway.query<{ prefillProductOrders: { results: Payload[] } }>(PREFILL_MANY, {
      inputs: inputs.map((input) => ({ ...smallest, ...input })),
    });

  it('succeed or fail separately, in the order of the inputs', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, hang: true, times: 3 });
    const { data, errors } = await many(gateway, [{ salesUnitName: 'lost', idempotencyKey: 'lost' }]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['prefillProductOrders', 'results', 0, 'productOrder'], 'OUTCOME_UNKNOWN'],
    ]);
    expect(data?.prefillProductOrders.results[0]?.idempotencyKey).toBe('lost');
    const mixed = await many(gateway, [
      { idempotencyKey: 'a' },
      { salesUnitName: '' },
      { idempotencyKey: 'a', salesUnitName: 'Another' },
      { salesUnitName: 'lost', idempotencyKey: 'lost' },
      {},
    ]);
    expect(
      mixed.data?.prefillProductOrders.results.map(({ prefillUrl, userErrors, replayed }) => [
        prefillUrl !== null,
        userErrors.length,
        replayed,
      ]),
    ).toEqual([
      [true, 0, false],
      [false, 1, false],
      [false, 0, false],
      [true, 0, true],
      [true, 0, false],
    ]);
    expect(mixed.errors?.map(({ path, extensions }) => [path?.[2], extensions.code])).toEqual([
      [2, 'IDEMPOTENCY_KEY_REUSED'],
    ]);
  });

  it('are limited to 50', async () => {
    // Fifty orders at once on a busy machine must not time out and be retried.
    await using gateway = await startTestGateway({ env: { ...env, UPSTREAM_TIMEOUT_MS: '5000' } });
    expect((await many(gateway, Array(50).fill({}))).data?.prefillProductOrders.results).toHaveLength(50);
    const { data, errors } = await many(gateway, Array(51).fill({}));
    expect([errors, data?.prefillProductOrders]).toEqual([
      undefined,
      { results: [], userErrors: [{ code: 'TOO_MANY', message: 'must be 50 at most', field: ['inputs'] }] },
    ]);
    expect(callCount(gateway)).toBe(50);
  });
});

describe('the path of an error', () => {
  it.each([
    ['m: prefillProductOrders(inputs: $m) { r: results { o: productOrder { status } } }', ['m', 'r', 0, 'o']],
    ['m: prefillProductOrders(inputs: $m) { r: results { idempotencyKey } }', ['m', 'r', 0]],
    ['m: prefillProductOrders(inputs: $m) { userErrors { code } }', ['m']],
  ])('exists in the response: %s', async (field, path) => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 403 });
    const { errors } = await gateway.query(`mutation ($m: [PrefillProductOrderInput!]!) { ${field} }`, {
      m: [smallest],
    });
    expect(errors?.map((error) => [error.path, error.extensions.code])).toEqual([[path, 'FORBIDDEN']]);
  });
});
