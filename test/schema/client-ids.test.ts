import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

const units = 'GET /management/v1/sales-units/{msn}';
const remove = 'DELETE /management/v1/product-orders/{productOrderId}';

describe('an argument that names an object', () => {
  it('takes its global id as well as its key', async () => {
    await using gateway = await startTestGateway();
    const { msns, orders, pricePackages } = gateway.sandbox.data;
    const [msn, order] = [msns[0], orders.find(({ id }) => id)?.id];
    const one = await gateway.query<Record<string, { id: string }>>(
      `{ salesUnit(msn: "${msn}") { id } productOrder(productOrderId: "${order}") { id }
         pricePackage(pricePackageId: "${pricePackages[0]?.pricePackageId}") { id } }`,
    );
    const [unitId, orderId, packageId] = Object.values(one.data ?? {}).map(({ id }) => id);
    const again = await gateway.query(
      `{ salesUnit(msn: "${unitId}") { id } productOrder(productOrderId: "${orderId}") { id }
         pricePackage(pricePackageId: "${packageId}") { id } }`,
    );
    expect(again).toEqual(one);
  });

  it('takes the global id of an order without an id of its own', async () => {
    await using gateway = await startTestGateway();
    type Orders = { productOrders: { nodes: { id: string; productOrderId: string | null }[] } };
    const { data } = await gateway.query<Orders>('{ productOrders { nodes { id productOrderId } } }');
    const id = data?.productOrders.nodes.find(({ productOrderId }) => productOrderId === null)?.id;
    expect(id).toBeDefined();
    const found = await gateway.query(`{ productOrder(productOrderId: "${id}") { id } }`);
    expect(found.data).toEqual({ productOrder: { id } });
  });

  it.each([
    ['salesUnit(msn: "ID") { id }', 'msn'],
    ['productOrder(productOrderId: "ID") { id }', 'productOrderId'],
    ['pricePackage(pricePackageId: "ID") { id }', 'pricePackageId'],
  ])('refuses the global id of another type: %s', async (field, argument) => {
    await using gateway = await startTestGateway();
    const id = Buffer.from('Merchant:business:NO:ORG:123456785').toString('base64');
    const { errors } = await gateway.query(`{ ${field.replace('ID', id)} }`);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors?.[0]?.message).toContain('is the id of a Merchant');
    expect(gateway.sandbox.stats().calls[units]).toBeUndefined();
  });
});

describe('two businesses with one number in different registers', () => {
  it('have different records and no field called id below the merchant', async () => {
    await using gateway = await startTestGateway();
    const { errors } = await gateway.query(
      '{ salesUnits(first: 1) { nodes { businessIdentifier { scheme value } } } }',
    );
    expect(errors).toBeUndefined();
    const { errors: unknown } = await gateway.query(
      '{ salesUnits(first: 1) { nodes { businessIdentifier { id } } } }',
    );
    expect(unknown?.[0]?.extensions.code).toBe('BAD_REQUEST');
  });
});

const PREFILL = `mutation ($key: String!) { prefillProductOrder(input: { productType: LOGIN, idempotencyKey: $key,
  businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" } }) { productOrder { id productOrderId } } }`;
const DELETE_ONE = `mutation ($input: DeleteProductOrderInput!) { deleteProductOrder(input: $input) {
  deletedProductOrderId productOrderId userErrors { code field } } }`;
const DELETE_MANY = `mutation ($inputs: [DeleteProductOrderInput!]!) { deleteProductOrders(inputs: $inputs) {
  results { deletedProductOrderId productOrderId userErrors { code field } } userErrors { code field } } }`;

interface Prefilled {
  prefillProductOrder: { productOrder: { id: string; productOrderId: string } };
}

describe('an order', () => {
  it('is deleted by the key that it was created with, and its global id is returned', async () => {
    await using gateway = await startTestGateway();
    const { data } = await gateway.query<Prefilled>(PREFILL, { key: 'k-1' });
    const { id, productOrderId } = data?.prefillProductOrder.productOrder ?? {};
    const deleted = await gateway.query(DELETE_ONE, { input: { idempotencyKey: 'k-1' } });
    expect(deleted.data).toEqual({
      deleteProductOrder: { deletedProductOrderId: id, productOrderId, userErrors: [] },
    });
    const unknown = await gateway.query(DELETE_ONE, { input: { idempotencyKey: 'k-2' } });
    expect(unknown.data).toMatchObject({
      deleteProductOrder: {
        deletedProductOrderId: null,
        userErrors: [{ code: 'NOT_FOUND', field: ['input', 'idempotencyKey'] }],
      },
    });
    expect(gateway.sandbox.stats().calls[remove]).toBe(1);
  });

  it('is named by one of the two', async () => {
    await using gateway = await startTestGateway();
    for (const input of [{}, { productOrderId: 'x', idempotencyKey: 'y' }]) {
      const { errors } = await gateway.query(DELETE_ONE, { input });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('several orders', () => {
  it('are deleted each on its own, those that are named twice by one call', async () => {
    await using gateway = await startTestGateway();
    const orders = await Promise.all(
      ['k-1', 'k-2', 'k-3'].map(async (key) => {
        const { data } = await gateway.query<Prefilled>(PREFILL, { key });
        return data?.prefillProductOrder.productOrder ?? { id: '', productOrderId: '' };
      }),
    );
    const inputs = [
      { productOrderId: orders[0]?.productOrderId },
      { productOrderId: orders[1]?.id },
      { productOrderId: 'x' },
      { idempotencyKey: 'k-3' },
      { productOrderId: orders[0]?.id },
      { productOrderId: '00000000-0000-4000-8000-000000000000' },
      { productOrderId: Buffer.from('SalesUnit:123456').toString('base64') },
    ];
    const { data } = await gateway.query<{
      deleteProductOrders: { results: { productOrderId: string | null; userErrors: { code: string }[] }[] };
    }>(DELETE_MANY, { inputs });
    const outcomes = data?.deleteProductOrders.results.map(
      ({ productOrderId, userErrors }) => productOrderId ?? userErrors[0]?.code,
    );
    const ids = orders.map(({ productOrderId }) => productOrderId);
    expect(outcomes).toEqual([
      ids[0],
      ids[1],
      'INVALID_FORMAT',
      ids[2],
      ids[0],
      'NOT_FOUND',
      'INVALID_FORMAT',
    ]);
    expect(gateway.sandbox.stats().calls[remove]).toBe(4);
  });

  it('are fifty at most', async () => {
    await using gateway = await startTestGateway();
    const inputs = Array.from({ length: 51 }, () => ({ productOrderId: 'x' }));
    const { data } = await gateway.query(DELETE_MANY, { inputs });
    expect(data).toEqual({
      deleteProductOrders: { results: [], userErrors: [{ code: 'TOO_MANY', field: ['inputs'] }] },
    });
  });
});
