import { describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

// A router asks for the objects of other subgraphs by their keys.

const details = 'GET /management/v1/sales-units/{msn}';
const merchants = 'GET /management/v1/merchants/{scheme}/{id}';
const unitsOfMerchant = 'GET /management/v1/merchants/{scheme}/{id}/sales-units';
const orders = 'GET /management/v2/product-orders';
const orderDetails = 'GET /management/v2/product-orders/{productOrderId}/details';
const packages = 'GET /management/v1/partners/price-packages';

const subgraph = { subgraph: { secret: undefined } };
const unit = (msn: unknown) => ({ __typename: 'SalesUnit', msn });
const UNITS = '... on SalesUnit { msn name configuration { captureType } merchant { name } }';
type Found = readonly (Readonly<Record<string, unknown>> | null)[];

const ask = (gateway: TestGateway, representations: readonly unknown[], selection = UNITS) =>
  gateway.askAsRouter<{ _entities: Found }>(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ${selection} } }`,
    { representations },
    { headers: { 'x-cost-report': '1' } },
  );

describe('a hundred units', () => {
  it('cost a call each and one for each of their merchants, in whatever aliases they come, and none when known', async () => {
    await using gateway = await startTestGateway({
      ...subgraph,
      env: { CACHE: 'on' },
      sandbox: { units: 100, latencyMs: 0 },
    });
    const { msns, merchantOf } = gateway.sandbox.data;
    const all = msns.map(unit);
    const { data, errors } = await gateway.askAsRouter<Record<'a' | 'b' | 'c', Found>>(
      `query ($a: [_Any!]!, $b: [_Any!]!, $c: [_Any!]!) {
        a: _entities(representations: $a) { ${UNITS} }
        b: _entities(representations: $b) { ${UNITS} }
        c: _entities(representations: $c) { ${UNITS} }
      }`,
      { a: all.slice(0, 60), b: all.slice(40), c: all },
    );
    expect(errors).toBeUndefined();
    expect(data?.c.map((one) => one?.['msn'])).toEqual(msns);
    expect(data?.c.map((one) => one?.['merchant'])).toEqual(
      msns.map((msn) => ({ name: merchantOf(msn).name })),
    );
    expect([...(data?.a ?? []).slice(0, 40), ...(data?.b ?? [])]).toEqual(data?.c);
    const calls = { [details]: 100, [merchants]: 20 };
    expect(gateway.calls()).toEqual(calls);
    const again = await ask(gateway, all);
    expect(again.data?._entities).toHaveLength(100);
    expect(gateway.calls()).toEqual(calls);
  });

  it('are priced by their types', async () => {
    await using gateway = await startTestGateway(subgraph);
    const all = gateway.sandbox.data.msns.map(unit);
    const costOf = async (representations: readonly unknown[], selection: string) =>
      (await ask(gateway, representations, selection)).extensions?.cost.calls;
    expect(await costOf(all, '... on SalesUnit { name configuration { captureType } }')).toBe(50);
    expect(await costOf(all, UNITS)).toBe(100);
    // Fields of types that nobody asks for cost nothing.
    expect(
      await costOf(all, '... on SalesUnit { name } ... on Merchant { name salesUnits { totalCount } }'),
    ).toBe(50);
    const [merchant] = gateway.sandbox.data.merchants;
    const identifier = { scheme: merchant?.scheme, value: merchant?.id };
    const business = { __typename: 'Merchant', businessIdentifier: identifier };
    expect(await costOf([business], '... on Merchant { businessIdentifier { value } }')).toBe(0);
    expect(await costOf([business], '... on Merchant { name }')).toBe(1);
    expect(await costOf([business, ...all], `${UNITS} ... on Merchant { name }`)).toBe(101);
  });

  it('lose only the one that fails', async () => {
    await using gateway = await startTestGateway(subgraph);
    const { msns } = gateway.sandbox.data;
    const path = `/management/v1/sales-units/${msns[30]}`;
    gateway.sandbox.fault({ route: details, path, status: 500 });
    const { data, errors, response } = await ask(gateway, msns.map(unit));
    expect(data?._entities.filter(Boolean)).toHaveLength(49);
    expect(data?._entities[30]).toBeNull();
    expect(errors).toMatchObject([
      { path: ['_entities', 30], extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } },
    ]);
    expect(errors).toHaveLength(1);
    expect(response.headers.get('cache-control')).toBeNull();
  });
});

it('finds merchants with one call each, and with none if only their key is asked for', async () => {
  await using gateway = await startTestGateway(subgraph);
  const { merchants: known } = gateway.sandbox.data;
  const representations = known.map(({ scheme, id }) => ({
    __typename: 'Merchant',
    businessIdentifier: { scheme, value: id },
  }));
  const keys = await ask(
    gateway,
    representations,
    '... on Merchant { id businessIdentifier { scheme value } }',
  );
  expect(keys.data?._entities).toHaveLength(known.length);
  expect(gateway.calls()).toEqual({});
  const units = await ask(
    gateway,
    representations.slice(0, 2),
    '... on Merchant { salesUnits { totalCount } }',
  );
  expect(units.errors).toBeUndefined();
  expect(gateway.calls()).toEqual({ [unitsOfMerchant]: 2 });
  const whole = await ask(
    gateway,
    [...representations, ...representations],
    '... on Merchant { name status }',
  );
  expect(whole.data?._entities.every((one) => one?.['name'])).toBe(true);
  expect(gateway.calls()).toEqual({ [unitsOfMerchant]: 2, [merchants]: known.length });
});

it('finds orders and price packages in one list each', async () => {
  await using gateway = await startTestGateway(subgraph);
  const { orders: known, pricePackages } = gateway.sandbox.data;
  const ids = known.flatMap(({ id }) => id ?? []).slice(0, 5);
  const { data, errors } = await ask(
    gateway,
    [
      ...ids.map((productOrderId) => ({ __typename: 'ProductOrder', productOrderId })),
      ...pricePackages.map(({ pricePackageId }) => ({
        __typename: 'PricePackage',
        pricePackageId: pricePackageId.toUpperCase(),
      })),
    ],
    '... on ProductOrder { productOrderId status } ... on PricePackage { pricePackageId name }',
  );
  expect(errors).toBeUndefined();
  expect(data?._entities.slice(0, 5).map((one) => one?.['productOrderId'])).toEqual(ids);
  expect(data?._entities.slice(5).map((one) => one?.['name'])).toEqual(pricePackages.map(({ name }) => name));
  expect(gateway.calls()).toEqual({ [orders]: 1, [packages]: 1 });
  const one = await ask(
    gateway,
    [{ __typename: 'ProductOrder', productOrderId: ids[0] }],
    '... on ProductOrder { status }',
  );
  expect(one.errors).toBeUndefined();
  expect(gateway.calls()).toEqual({ [orders]: 1, [packages]: 1, [orderDetails]: 1 });
});

it('returns null for objects of other partners, as if they did not exist', async () => {
  await using gateway = await startTestGateway(subgraph);
  const { hidden } = gateway.sandbox.data;
  const { data, errors } = await ask(
    gateway,
    [
      unit(hidden.msnOfOtherPartner),
      unit('9999999999'),
      { __typename: 'ProductOrder', productOrderId: hidden.orderIdOfOtherPartner },
    ],
    `${UNITS} ... on ProductOrder { status }`,
  );
  expect(data).toEqual({ _entities: [null, null, null] });
  expect(errors).toBeUndefined();
});

describe('without any call', () => {
  it.each([
    'Query',
    'Change',
    '_Service',
    'PageInfo',
    'salesUnit',
    '__proto__',
    'constructor',
    '',
    1,
    null,
    ['SalesUnit'],
  ])('refuses everything if one has the type %j', async (__typename) => {
    await using gateway = await startTestGateway(subgraph);
    const [msn] = gateway.sandbox.data.msns;
    const { data, errors } = await ask(gateway, [unit(msn), { __typename, msn }]);
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('representations[1].__typename'),
        path: ['_entities'],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(gateway.calls()).toEqual({});
  });

  it.each([[null], ['SalesUnit'], [1], [[unit('1234')]], [{}], [{ msn: '1234' }]])(
    'refuses %j, which is no representation',
    async (one) => {
      await using gateway = await startTestGateway(subgraph);
      const { data, errors } = await ask(gateway, [one]);
      expect(data ?? null).toBeNull();
      expect(errors?.map(({ extensions: { code } }) => code)).toEqual(['BAD_USER_INPUT']);
      expect(gateway.calls()).toEqual({});
    },
  );

  it.each([
    unit(undefined),
    unit(1234),
    unit('12 34'),
    unit('../merchants'),
    unit('1'.repeat(100_000)),
    unit({ toString: '1234' }),
    { __typename: 'Merchant', businessIdentifier: '1234' },
    { __typename: 'Merchant', businessIdentifier: { scheme: 'a/b', value: '1234' } },
    { __typename: 'Merchant', businessIdentifier: { scheme: 'business:NO:ORG' } },
    { __typename: 'Merchant', businessIdentifier: { scheme: 'toString', value: '999999999' } },
    { __typename: 'Merchant', businessIdentifier: { scheme: 'x'.repeat(100_000), value: '999999999' } },
    { __typename: 'ProductOrder', productOrderId: 'x' },
    { __typename: 'ProductOrder', productOrderId: null },
    { __typename: 'PricePackage', id: 'x' },
  ])('refuses a key that cannot be one, and only that one: %j', async (one) => {
    await using gateway = await startTestGateway(subgraph);
    const [merchant] = gateway.sandbox.data.merchants;
    const good = {
      __typename: 'Merchant',
      businessIdentifier: { scheme: merchant?.scheme, value: merchant?.id },
    };
    const { data, errors } = await ask(gateway, [one, good], '... on Merchant { id }');
    expect(data?._entities).toEqual([null, { __typename: 'Merchant', id: expect.any(String) }]);
    expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(errors)).not.toContain('111111');
    expect(gateway.calls()).toEqual({});
  });

  it.each([1_001, 10_000])('refuses %i representations, also when they are all the same', async (count) => {
    await using gateway = await startTestGateway(subgraph);
    const [msn] = gateway.sandbox.data.msns;
    const { data, errors } = await ask(
      gateway,
      Array.from({ length: count }, () => unit(msn)),
    );
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([
      { message: expect.stringContaining('at most 1000'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(gateway.calls()).toEqual({});
  });

  it('refuses more representations over several aliases than an operation may cost', async () => {
    await using gateway = await startTestGateway({ ...subgraph, env: { MAX_UPSTREAM_CALLS: '500' } });
    const [msn] = gateway.sandbox.data.msns;
    const { errors } = await gateway.askAsRouter(
      `query ($many: [_Any!]!) { ${['a', 'b', 'c', 'd'].map((alias) => `${alias}: _entities(representations: $many) { ${UNITS} }`).join(' ')} }`,
      { many: Array.from({ length: 200 }, () => unit(msn)) },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_EXPENSIVE' } }]);
    expect(gateway.calls()).toEqual({});
  });

  it.each([
    { __typename: 'Merchant', businessIdentifier: 'x' },
    { __typename: 'PricePackage', pricePackageId: 'x' },
  ])('refuses thousands of keys that are none, each of which would have an error: %j', async (one) => {
    await using gateway = await startTestGateway(subgraph);
    const askFor = (aliases: number) =>
      gateway.askAsRouter(
        `query ($many: [_Any!]!) { ${Array.from({ length: aliases }, (_, i) => `a${i}: _entities(representations: $many) { __typename }`).join(' ')} }`,
        { many: Array.from({ length: 1_000 }, () => one) },
      );
    expect((await askFor(18)).errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_EXPENSIVE' } }]);
    expect((await askFor(4)).errors).toHaveLength(4_000);
    expect(gateway.calls()).toEqual({});
  });

  it('refuses callers without the scope', async () => {
    await using gateway = await startTestGateway({
      ...subgraph,
      caller: { scopes: new Set(['product-orders:write']) },
    });
    const { data, errors } = await ask(gateway, [unit(gateway.sandbox.data.msns[0])]);
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ['_entities'], extensions: { code: 'FORBIDDEN' } }]);
    expect(gateway.calls()).toEqual({});
  });
});
