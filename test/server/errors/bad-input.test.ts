import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../../support/gateway.ts';

const uuid = '00000000-0000-0000-0000-000000000000';
const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const merchantBy = (scheme: string, value: string) =>
  `{ merchant(businessIdentifier: { scheme: ${JSON.stringify(scheme)}, value: ${JSON.stringify(value)} }) { name } }`;

const rows: [argument: string, query: string][] = [
  ['first', '{ salesUnits(first: -1) { totalCount } }'],
  ['first', '{ salesUnits(first: 1001) { totalCount } }'],
  ['last', '{ salesUnits(last: -1) { totalCount } }'],
  ['last', '{ salesUnits(first: 1, last: 1) { totalCount } }'],
  ['after', '{ salesUnits(after: "x") { totalCount } }'],
  ['after', '{ salesUnits(after: "") { totalCount } }'],
  ['before', '{ salesUnits(before: "eyJ") { totalCount } }'],
  ['after', `{ salesUnits(after: "${cursorOf(['name', 'row', '0', 'A', '123456'])}") { totalCount } }`],
  ['after', `{ salesUnits(after: "${cursorOf(['msn'])}") { totalCount } }`],
  ['after', `{ salesUnits(after: "${cursorOf(['msn', 'row', '0'])}") { totalCount } }`],
  ['after', `{ salesUnits(after: "${cursorOf(['msn', 'row', 'NaN', '123456'])}") { totalCount } }`],
  ['after', `{ salesUnits(after: "${cursorOf({ msn: '123456' })}") { totalCount } }`],
  ['first', '{ productOrders(first: -1) { totalCount } }'],
  [
    'filter.businessIdentifier.scheme',
    '{ productOrders(filter: { businessIdentifier: { scheme: "business:NO:OGR", value: "x" } }) { totalCount } }',
  ],
  ['msn', '{ salesUnit(msn: "abc") { name } }'],
  ['msn', '{ salesUnit(msn: "123") { name } }'],
  ['msn', '{ salesUnit(msn: "12345678901") { name } }'],
  ['msn', '{ salesUnit(msn: "../123456") { name } }'],
  ['msn', '{ salesUnit(msn: "123456\\n") { name } }'],
  ['msn', '{ salesUnit(msn: "１２３４５６") { name } }'],
  ['productOrderId', '{ productOrder(productOrderId: "..") { status } }'],
  ['productOrderId', `{ productOrder(productOrderId: "${uuid}/details") { status } }`],
  ['pricePackageId', '{ pricePackage(pricePackageId: "1") { name } }'],
  ['businessIdentifier.scheme', merchantBy('..', '123456785')],
  ['businessIdentifier.scheme', merchantBy('business:no:org', '123456785')],
  ['businessIdentifier.scheme', merchantBy('business:NO:ORG/../x', '123456785')],
  ['businessIdentifier.scheme', merchantBy('business:'.padEnd(257, 'x'), '123456785')],
  ['businessIdentifier.value', merchantBy('business:NO:ORG', '..')],
  ['businessIdentifier.value', merchantBy('business:NO:ORG', '123%2f')],
  ['businessIdentifier.value', merchantBy('business:NO:ORG', '1'.repeat(51))],
  ['id', '{ node(id: "garbage") { id } }'],
  ['id', `{ node(id: "${Buffer.from('Query:1').toString('base64')}") { id } }`],
  ['id', `{ node(id: "${Buffer.from('SalesUnit:../1').toString('base64')}") { id } }`],
  ['id', `{ node(id: "${Buffer.from('Merchant:..').toString('base64')}") { id } }`],
  ['ids', `{ nodes(ids: ["${Buffer.from('SalesUnit:x').toString('base64')}"]) { id } }`],
  [
    'ids',
    `{ nodes(ids: [${Array(1001)
      .fill(`"${Buffer.from('SalesUnit:123456').toString('base64')}"`)
      .join(' ')}]) { id } }`,
  ],
];

describe('input outside the contract', () => {
  it.each(rows)(
    'is refused by the name of its argument, %s, without an upstream call: %s',
    async (argument, query) => {
      await using gateway = await startTestGateway();
      const { errors } = await gateway.query(query);
      expect(errors).toHaveLength(1);
      expect(errors?.[0]).toMatchObject({
        extensions: { code: 'BAD_USER_INPUT', argument, retryable: false },
      });
      expect(gateway.sandbox.stats()).toMatchObject({ calls: {}, tokenCalls: 0 });
    },
  );

  it('names the place in a variable and never its value', async () => {
    await using gateway = await startTestGateway();
    const { errors } = await gateway.query(
      'query ($filter: SalesUnitFilter) { salesUnits(filter: $filter) { totalCount } }',
      {
        filter: { name: { contains: { password: 'canary' } } },
      },
    );
    expect(errors?.[0]?.message).toBe('"filter.name.contains" must be a text.');
    expect(JSON.stringify(errors) + JSON.stringify(gateway.logs)).not.toContain('canary');
  });

  it.each([
    [
      'a key that does not exist',
      { f: { name: { contain: 'canary' } } },
      '"f.name" must not have the field "contain": the type TextFilter does not have it. Did you mean "contains"?',
    ],
    [
      'a variable that was not given',
      { g: 'canary' },
      'The variable "$f" is required, and the request does not contain it.',
    ],
  ])('says what is wrong with a variable: %s', async (what, variables, message) => {
    await using gateway = await startTestGateway();
    const type = what.includes('not given') ? 'SalesUnitFilter!' : 'SalesUnitFilter';
    const { errors } = await gateway.query(
      `query ($f: ${type}) { salesUnits(filter: $f) { totalCount } }`,
      variables,
    );
    expect(errors?.map((error) => error.message)).toEqual([message]);
  });

  it('lists the legal values of an input field', async () => {
    await using gateway = await startTestGateway();
    const mutation =
      'mutation($input: PrefillProductOrderInput!) { prefillProductOrder(input: $input) { userErrors { message field } } }';
    const businessIdentifier = { scheme: 'business:NO:ORG', value: '123456785' };
    const messages = async (input: object) => {
      const { errors, data } = await gateway.query<{
        prefillProductOrder: { userErrors: { message: string }[] };
      }>(mutation, { input });
      return [...(errors ?? []), ...(data?.prefillProductOrder.userErrors ?? [])].map(
        ({ message }) => message,
      );
    };
    expect(await messages({ businessIdentifier, productType: 'CHECKOUTS' })).toEqual([
      '"input.productType" must be one of CASHIER, CHECKOUT, DONATIONS, LOGIN, PAYMENT_INTEGRATION or UNKNOWN.',
    ]);
    expect(await messages({ businessIdentifier, productType: 'UNKNOWN' })).toEqual([
      'must be one of PAYMENT_INTEGRATION, CASHIER, CHECKOUT, LOGIN, DONATIONS',
    ]);
    expect(await messages({ businessIdentifier })).toEqual([
      expect.stringMatching(/^The variable "\$input" must have the field "productType": one of CASHIER, /),
    ]);
    expect(await messages({ businessIdentifier: 'x', productType: 'LOGIN' })).toEqual([
      '"input.businessIdentifier" must be an object of the type BusinessIdentifierInput.',
    ]);
  });

  it('does not refuse what is unusual but legal', async () => {
    await using gateway = await startTestGateway();
    const { errors } = await gateway.query(
      '{ none: salesUnits(first: 0) { totalCount nodes { msn } } empty: salesUnits(filter: { msn: { in: [] } }) { totalCount } long: salesUnit(msn: "0000000001") { msn } }',
    );
    expect(errors).toBeUndefined();
  });
});
