import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

const thousand = { units: 1000, latencyMs: 0 };
const list = 'GET /management/v1/sales-units';
const details = 'GET /management/v1/sales-units/{msn}';
const merchants = 'GET /management/v1/merchants/{scheme}/{id}';
const unitsOfMerchant = 'GET /management/v1/merchants/{scheme}/{id}/sales-units';
const orders = 'GET /management/v2/product-orders';
const orderDetails = 'GET /management/v2/product-orders/{productOrderId}/details';
const packages = 'GET /management/v1/partners/price-packages';

describe('a page of a thousand units', () => {
  it('costs one call when it asks for what the list tells', async () => {
    await using gateway = await startTestGateway({ sandbox: thousand });
    const { data, errors } = await gateway.query(
      '{ salesUnits(first: 1000) { nodes { msn name } totalCount } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ salesUnits: { totalCount: 1000 } });
    expect(gateway.calls()).toEqual({ [list]: 1 });
  });

  it('costs one call per unit and one per distinct merchant when it asks for both', async () => {
    await using gateway = await startTestGateway({ sandbox: thousand });
    const { errors } = await gateway.query(
      '{ salesUnits(first: 1000) { nodes { msn name configuration { captureType } merchant { name } } } }',
    );
    expect(errors).toBeUndefined();
    expect(gateway.calls()).toEqual({ [list]: 1, [details]: 1000, [merchants]: 200 });
    expect(gateway.sandbox.stats().tokenCalls).toBe(1);
  });

  it.each([
    ['plainly', 'merchant { businessIdentifier { value } id __typename }'],
    [
      'in a fragment',
      '...F } } } fragment F on SalesUnit { merchant { ... on Merchant { businessIdentifier { value } } }',
    ],
    [
      'with the rest skipped',
      'merchant { businessIdentifier { value } name @skip(if: true) status @include(if: false) }',
    ],
  ])('costs no merchant call for the business identifier, asked for %s', async (_how, selection) => {
    await using gateway = await startTestGateway({ sandbox: thousand });
    const { errors } = await gateway.query(
      selection.includes('fragment')
        ? `{ salesUnits(first: 1000) { nodes { msn ${selection} }`
        : `{ salesUnits(first: 1000) { nodes { msn ${selection} } } }`,
    );
    expect(errors).toBeUndefined();
    expect(gateway.calls()).toEqual({ [list]: 1, [details]: 1000 });
  });

  it('loads only the rows of the page', async () => {
    await using gateway = await startTestGateway({ sandbox: thousand });
    const { data } = await gateway.query<{ salesUnits: { nodes: { merchant: { name: string } }[] } }>(
      '{ salesUnits(first: 20) { nodes { configuration { captureType } merchant { name } } } }',
    );
    const names = new Set(data?.salesUnits.nodes.map(({ merchant }) => merchant.name));
    expect(gateway.calls()).toEqual({ [list]: 1, [details]: 20, [merchants]: names.size });
  });

  it('never has more calls under way than the limit allows', async () => {
    await using gateway = await startTestGateway({
      sandbox: { units: 200, latencyMs: 5 },
      env: { UPSTREAM_CONCURRENCY: '7' },
    });
    await gateway.query(
      '{ salesUnits(first: 200) { nodes { configuration { captureType } merchant { name } } } }',
    );
    expect(gateway.sandbox.stats().peak).toBe(7);
  });

  it('filters and orders by what the list tells without loading anything', async () => {
    await using gateway = await startTestGateway({ sandbox: thousand });
    await gateway.query(
      '{ salesUnits(filter: { name: { contains: "kaffe" }, msn: { startsWith: "1" } }, orderBy: { field: NAME }) { nodes { msn } } }',
    );
    expect(gateway.calls()).toEqual({ [list]: 1 });
  });
});

describe('orders and price packages', () => {
  it('asks for the list once when several orders are named', async () => {
    await using gateway = await startTestGateway();
    const ids = gateway.sandbox.data.orders.flatMap(({ id }) => id ?? []).slice(0, 10);
    expect(ids).toHaveLength(10);
    const aliases = ids.map(
      (id, index) => `o${index}: productOrder(productOrderId: "${id}") { productOrderId }`,
    );
    const { data, errors } = await gateway.query<Record<string, { productOrderId: string }>>(
      `{ ${aliases.join(' ')} }`,
    );
    expect(errors).toBeUndefined();
    expect(Object.values(data ?? {}).map(({ productOrderId }) => productOrderId)).toEqual(ids);
    expect(gateway.calls()).toEqual({ [orders]: 1 });
  });

  it('asks for the details of a single order, however often it is named', async () => {
    await using gateway = await startTestGateway();
    const id = gateway.sandbox.data.orders.find((order) => order.id)?.id;
    const aliases = Array.from(
      { length: 10 },
      (_, index) => `o${index}: productOrder(productOrderId: "${id}") { status }`,
    );
    await gateway.query(`{ ${aliases.join(' ')} }`);
    expect(gateway.calls()).toEqual({ [orderDetails]: 1 });
  });

  it('falls back to the details of what the list lacks', async () => {
    await using gateway = await startTestGateway();
    const [known] = gateway.sandbox.data.orders.flatMap(({ id }) => id ?? []);
    const { data, errors } = await gateway.query(
      `{ a: productOrder(productOrderId: "${known}") { productOrderId } b: productOrder(productOrderId: "00000000-0000-0000-0000-000000000000") { productOrderId } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ a: { productOrderId: known }, b: null });
    expect(gateway.calls()).toEqual({ [orders]: 1, [orderDetails]: 1 });
  });

  it('reads one list for visible and expired orders asked for together', async () => {
    await using gateway = await startTestGateway();
    const { data } = await gateway.query<Record<string, { totalCount: number }>>(
      '{ all: productOrders(includeExpired: true) { totalCount } visible: productOrders { totalCount } }',
    );
    expect(data?.['all']?.totalCount).toBeGreaterThan(data?.['visible']?.totalCount ?? Number.NaN);
    expect(gateway.calls()).toEqual({ [orders]: 1 });
  });

  it.each([
    [
      'a single order beside the list',
      '{ productOrder(productOrderId: "A") { status } productOrders(includeExpired: true) { totalCount } }',
    ],
    [
      'the list beside a single order',
      '{ productOrders(includeExpired: true) { totalCount } productOrder(productOrderId: "A") { status } }',
    ],
    [
      'two orders behind the visible list',
      '{ productOrders { totalCount } a: productOrder(productOrderId: "A") { status } b: productOrder(productOrderId: "B") { status } }',
    ],
    [
      'two orders before the visible list',
      '{ a: productOrder(productOrderId: "A") { status } b: productOrder(productOrderId: "B") { status } productOrders { totalCount } }',
    ],
    [
      'a count and two orders',
      '{ viewer { productOrderCount } a: productOrder(productOrderId: "A") { status } b: productOrder(productOrderId: "B") { status } }',
    ],
    ['an order and a node', '{ productOrder(productOrderId: "A") { status } node(id: "NODE_B") { id } }'],
    [
      'an order and nodes',
      '{ productOrder(productOrderId: "A") { status } nodes(ids: ["NODE_A", "NODE_B"]) { id } }',
    ],
    [
      'the orders of merchants of orders',
      '{ productOrders(includeExpired: true) { nodes { merchant { productOrders { totalCount } } } } }',
    ],
  ])('reads the list once for %s', async (_what, text) => {
    await using gateway = await startTestGateway();
    const ids = gateway.sandbox.data.orders.flatMap(({ id, status }) =>
      id && status !== 'EXPIRED' ? id : [],
    );
    const [a = '', b = ''] = ids;
    const node = (id: string) => Buffer.from(`ProductOrder:${id}`).toString('base64');
    const query = text
      .replaceAll('"A"', `"${a}"`)
      .replaceAll('"B"', `"${b}"`)
      .replaceAll('NODE_A', node(a))
      .replaceAll('NODE_B', node(b));
    const { errors, data } = await gateway.query(query);
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toMatch(/^\{"\w+":null|,"\w+":null\}$/);
    expect(gateway.calls()).toEqual({ [orders]: 1 });
  });

  it('reads the price packages once for any number of ids and lists', async () => {
    await using gateway = await startTestGateway();
    const ids = gateway.sandbox.data.pricePackages.map(({ pricePackageId }) => pricePackageId);
    const aliases = ids.map((id, index) => `p${index}: pricePackage(pricePackageId: "${id}") { name }`);
    const { data } = await gateway.query(`{ ${aliases.join(' ')} pricePackages { name } }`);
    expect(Object.values(data ?? {})).not.toContain(null);
    expect(gateway.calls()).toEqual({ [packages]: 1 });
  });
});

describe('what is known travels along', () => {
  it('knows the business identifier of a unit that is reached from its merchant', async () => {
    await using gateway = await startTestGateway();
    const [merchant] = gateway.sandbox.data.merchants;
    const { errors } = await gateway.query(
      'query ($id: BusinessIdentifierInput!) { merchant(businessIdentifier: $id) { name salesUnits { nodes { msn businessIdentifier { value } merchant { name } } } } }',
      { id: { scheme: merchant?.scheme, value: merchant?.id } },
    );
    expect(errors).toBeUndefined();
    expect(gateway.calls()).toEqual({ [merchants]: 1, [unitsOfMerchant]: 1 });
  });

  it('knows the business identifier of a unit that is reached from its order', async () => {
    await using gateway = await startTestGateway();
    const { data, errors } = await gateway.query(
      '{ productOrders(filter: { status: [COMPLETED] }) { nodes { businessIdentifier { value } salesUnit { msn merchant { businessIdentifier { value } } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toMatch(/"msn":"\d+"/);
    expect(gateway.calls()).toEqual({ [orders]: 1 });
  });

  it('reads the details of a unit once for all fields that need them', async () => {
    await using gateway = await startTestGateway();
    const [msn] = gateway.sandbox.data.msns;
    await gateway.query(
      `{ salesUnit(msn: "${msn}") { name configuration { captureType } businessIdentifier { value } merchant { businessIdentifier { value } } } }`,
    );
    expect(gateway.calls()).toEqual({ [details]: 1 });
  });

  it('answers a repeated page from the cache when it is on', async () => {
    await using gateway = await startTestGateway({ env: { CACHE: 'on' } });
    const page = '{ salesUnits { nodes { configuration { captureType } merchant { name } } } }';
    const first = await gateway.query(page);
    gateway.sandbox.reset();
    expect(await gateway.query(page)).toEqual(first);
    expect(gateway.calls()).toEqual({});
  });

  it('makes one call for identical reads of several operations at once', async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 50, latencyMs: 50 } });
    const page = '{ salesUnits { nodes { configuration { captureType } merchant { name } } } }';
    await Promise.all(Array.from({ length: 20 }, () => gateway.query(page)));
    expect(gateway.calls()).toEqual({ [list]: 1, [details]: 50, [merchants]: 10 });
  });
});
