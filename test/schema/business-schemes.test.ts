import { describe, expect, it } from 'vitest';
import { misspelledScheme } from '../../src/resolvers/hints/known-schemes.ts';
import { businessKey, isPathSafe, readBusinessKey } from '../../src/upstream/models/identifiers.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { env } from '../upstream/writes/ordering.ts';

const ORDERS = 'GET /management/v2/product-orders';
const UNITS_OF = 'GET /management/v1/merchants/{scheme}/{id}/sales-units';
const MERCHANT = 'GET /management/v1/merchants/{scheme}/{id}';

const merchantBody = (scheme: string) => ({
  businessIdentifier: { scheme, id: '556036-0793' },
  name: 'Kaffe AB',
  status: 'ACTIVE',
  createdAt: '2024-01-01T00:00:00Z',
  updatedAt: null,
  countryCode: 'SE',
  businessAddress: null,
  businessPostAddress: null,
});

async function order(gateway: TestGateway, scheme: string) {
  const input = { businessIdentifier: { scheme, value: '556036-0793' }, productType: 'LOGIN' };
  const { data } = await gateway.query<{
    prefillProductOrder: {
      productOrder: { id: string; merchant: { id: string } } | null;
      userErrors: unknown[];
    };
  }>(
    `mutation($input: PrefillProductOrderInput!) {
      prefillProductOrder(input: $input) { productOrder { id merchant { id } } userErrors { message } }
    }`,
    { input },
  );
  return data?.prefillProductOrder;
}

describe('a scheme that the contract allows', () => {
  it.each(['business:SE:Org.nr', 'business:SE:Org nr', 'business:ÅL:Förkortning', 'företag:SE 1 & co'])(
    'can be ordered for, found, and read back: %s',
    async (scheme) => {
      await using gateway = await startTestGateway({ env });
      gateway.sandbox.fault({ route: MERCHANT, status: 200, body: merchantBody(scheme) });
      gateway.sandbox.fault({ route: UNITS_OF, status: 200, body: [] });
      const made = await order(gateway, scheme);
      expect(made?.userErrors).toEqual([]);
      const businessIdentifier = { scheme, value: '556036-0793' };
      const { data, errors } = await gateway.query(
        `query($b: BusinessIdentifierInput!, $id: ID!) {
          merchant(businessIdentifier: $b) { name businessIdentifier { scheme value } productOrders { totalCount } }
          node(id: $id) { ... on Merchant { name salesUnits { totalCount } } }
          productOrders(filter: { businessIdentifier: $b }) { totalCount nodes { merchant { name } } }
        }`,
        { b: businessIdentifier, id: made?.productOrder?.merchant.id },
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        merchant: { name: 'Kaffe AB', businessIdentifier, productOrders: { totalCount: 1 } },
        node: { name: 'Kaffe AB', salesUnits: { totalCount: 0 } },
        productOrders: { totalCount: 1, nodes: [{ merchant: { name: 'Kaffe AB' } }] },
      });
    },
  );

  it('reaches the upstream as it is', async () => {
    await using gateway = await startTestGateway({ env });
    const scheme = 'business:SE:Org nr&';
    const { data, errors } = await gateway.query(
      'query($b: BusinessIdentifierInput!) { merchant(businessIdentifier: $b) { name } }',
      { b: { scheme, value: '556036-0793' } },
    );
    expect([data, errors, gateway.calls()[MERCHANT]]).toEqual([{ merchant: null }, undefined, 1]);
  });

  it.each([
    'business:SE/../x',
    'business:SE\\x',
    'business%2FSE',
    'business:\u0000SE',
    'business:SE?x',
    'business:SE#x',
    'business:SE;x',
    'business:S\u200bE',
    'business:SE\uff0fx',
    'x'.repeat(31),
    '..',
    '',
  ])('is refused in a path when it could change it: %j', async (scheme) => {
    await using gateway = await startTestGateway({ env });
    const { data, errors } = await gateway.query(
      `query($b: BusinessIdentifierInput!) {
          merchant(businessIdentifier: $b) { name }
          productOrders(filter: { businessIdentifier: $b }) { totalCount }
        }`,
      { b: { scheme, value: '556036-0793' } },
    );
    expect(data).toEqual({ merchant: null, productOrders: { totalCount: 0 } });
    expect(errors?.map(({ path, extensions }) => [path?.[0], extensions.argument])).toEqual([
      ['merchant', 'businessIdentifier.scheme'],
    ]);
    expect(Object.keys(gateway.calls())).toEqual([ORDERS]);
  });

  it('of an order that the upstream returns is an error of that order, never of an argument', async () => {
    await using gateway = await startTestGateway();
    const patch = [{ path: ['0', 'businessIdentifier'], value: { scheme: 'a/b', id: '../..' } }];
    gateway.sandbox.fault({ route: ORDERS, patch });
    const { data, errors } = await gateway.query<{
      productOrders: { nodes: { businessIdentifier: object }[] };
    }>('{ productOrders(first: 100) { nodes { businessIdentifier { scheme value } merchant { name } } } }');
    expect(data?.productOrders.nodes.map((node) => node.businessIdentifier)).toContainEqual({
      scheme: 'a/b',
      value: '../..',
    });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
    expect(errors?.[0]?.extensions).not.toHaveProperty('argument');
  });
});

describe('the key of a business', () => {
  it.each([
    ['business:NO:ORG', '123456785'],
    ['business:SE:Org.nr', '556036-0793'],
    ['a:b', 'c:d'],
    ['a', '50%'],
    ['å ä', 'x%3Ay'],
  ])('is read back: %s %s', (scheme, value) => {
    const read = readBusinessKey(businessKey({ scheme, value }));
    expect(read).toEqual(isPathSafe(value) ? { scheme, value } : undefined);
  });
  it.each(['', ':', 'x', ':x', 'x:', 'x:%', 'a/b:1'])('is no key: %j', (key) =>
    expect(readBusinessKey(key)).toBeUndefined(),
  );
});

describe('a misspelled scheme', () => {
  it.each([
    ['business:no:org', 'business:NO:ORG'],
    ['business:NO:ORGNR', 'business:NO:ORG'],
    ['Business:NO:ORG', 'business:NO:ORG'],
    ['business:NO:OGR', 'business:NO:ORG'],
    ['busines:NO:ORG', 'business:NO:ORG'],
    [' business:NO:ORG', 'business:NO:ORG'],
    ['business-NO-ORG', 'business:NO:ORG'],
    ['NO:ORG', 'business:NO:ORG'],
    ['business:dk:cvr', 'business:DK:CVR'],
    ['business:DK:CRV', 'business:DK:CVR'],
    ['business:FI:Ytunnus', 'business:FI:Y-tunnus'],
    ['business:FI:Y-TUNNUS', 'business:FI:Y-tunnus'],
    ['business:FI:BID', 'business:FI:Y-tunnus'],
  ])('%s was meant to be %s', (text, meant) => expect(misspelledScheme(text)).toBe(meant));

  it.each([
    'business:NO:ORG',
    'business:SE:Org.nr',
    'business:NL:ORG',
    'business:EE:ORG',
    'x'.repeat(100_000),
  ])('is none: %.40s', (text) => expect(misspelledScheme(text)).toBeUndefined());

  it('is reported by look-ups and filters without a call', async () => {
    await using gateway = await startTestGateway();
    const { data, errors } = await gateway.query(
      `{ merchant(businessIdentifier: { scheme: "business:no:org", value: "123456785" }) { name }
         productOrders(filter: { businessIdentifier: { scheme: "business:no:org", value: "123456785" } }) { totalCount } }`,
    );
    expect(data ?? null).toBeNull();
    expect(errors?.map(({ message }) => message).join()).toContain('did you mean business:NO:ORG?');
    expect(gateway.calls()).toEqual({});
  });
});
