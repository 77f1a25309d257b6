import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

const units = (filter: string) => `{ salesUnits(filter: ${filter}) { totalCount } }`;
const byFilter = 'query ($v: SalesUnitFilter) { salesUnits(filter: $v) { totalCount } }';
const byText = 'query ($v: String) { salesUnits(filter: { name: { contains: $v } }) { totalCount } }';
const byIds = 'query ($v: [ID!]!) { nodes(ids: $v) { id } }';
const orders = 'query ($v: ProductOrderFilter) { productOrders(filter: $v) { totalCount } }';
const packages = 'query ($v: PricePackageFilter) { pricePackages(filter: $v) { name } }';
const dryRuns = (count: number) =>
  `mutation ($v: PrefillProductOrderInput!) { prefillProductOrders(inputs: [${'$v '.repeat(count)}]) { results { userErrors { code } } } }`;
const dryRun = (more: object) => ({
  businessIdentifier: { scheme: 'business:NO:ORG', value: '123456785' },
  productType: 'LOGIN',
  dryRun: true,
  ...more,
});

const MARKS = '\u0301\u0316'.repeat(75_000);
const long = 'x'.repeat(201);

const large: [what: string, query: string, value: unknown, argument: string][] = [
  ['combining marks', byText, MARKS, 'filter.name.contains'],
  ['the same within a variable', byFilter, { name: { startsWith: MARKS } }, 'filter.name.startsWith'],
  ['a long text in a list', byFilter, { msn: { in: ['1', long] } }, 'filter.msn.in[1]'],
  ['a long text for a list', byFilter, { msn: { in: long } }, 'filter.msn.in'],
  ['a long text of the document', units(`{ name: { equals: "${long}" } }`), null, 'filter.name.equals'],
  [
    'a long text in a list of the document',
    units(`{ name: { in: ["${long}"] } }`),
    null,
    'filter.name.in[0]',
  ],
  [
    'a long default',
    `query ($d: String = "${long}") { salesUnits(filter: { name: { contains: $d } }) { totalCount } }`,
    undefined,
    'filter.name.contains',
  ],
  [
    'a long text in a fragment',
    `query ($v: String) { ...F } fragment F on Query { salesUnits(filter: { msn: { equals: $v } }) { totalCount } }`,
    long,
    'filter.msn.equals',
  ],
  ['many texts', byFilter, { name: { in: Array(200_000).fill('x') } }, 'filter.name.in'],
  ['many statuses', orders, { status: Array(50_000).fill('RECEIVED') }, 'filter.status'],
  [
    'many statuses in the document',
    `{ productOrders(filter: { type: [${'PREFILL '.repeat(1_001)}] }) { totalCount } }`,
    null,
    'filter.type',
  ],
  ['many markets', packages, { market: Array(1_001).fill('NO') }, 'filter.market'],
  [
    'a long cursor',
    'query ($v: String) { salesUnits(after: $v) { totalCount } }',
    'x'.repeat(1_025),
    'after',
  ],
  [
    'a long cursor back',
    'query ($v: String) { productOrders(before: $v, last: 1) { totalCount } }',
    MARKS,
    'before',
  ],
  ['a long id', 'query ($v: ID!) { node(id: $v) { id } }', 'x'.repeat(301), 'id'],
  ['a long id of several', byIds, ['x', 'x'.repeat(900_000)], 'ids[1]'],
  ['many ids', byIds, Array(500_000).fill(1), 'ids'],
  ['many ids in the document', `{ nodes(ids: [${'1 '.repeat(1_001)}]) { id } }`, null, 'ids'],
  ['any other long text', 'query ($v: String!) { salesUnit(msn: $v) { name } }', MARKS, 'msn'],
  ['a text that is used often', dryRuns(20), dryRun({ salesUnitLogo: 'x'.repeat(900_000) }), 'inputs'],
  [
    'many inputs',
    'mutation ($v: [PrefillProductOrderInput!]!) { prefillProductOrders(inputs: $v) { results { userErrors { code } } } }',
    Array(1_001).fill(dryRun({})),
    'inputs',
  ],
];

describe('an argument that is too large', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(large)('is refused before it is read: %s', async (_what, query, v, argument) => {
    let leastMs = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 4; round++) {
      const started = process.threadCpuUsage();
      const { data, errors } = await gateway.query(query, v === null ? {} : { v });
      const { user, system } = process.threadCpuUsage(started);
      leastMs = Math.min(leastMs, (user + system) / 1_000);
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
      expect(errors?.[0]?.message.length).toBeLessThan(200);
    }
    expect(leastMs).toBeLessThan(50);
    expect(gateway.calls()).toEqual({});
  });

  it('says what is allowed', async () => {
    const { errors } = await gateway.query(byText, { v: long });
    expect(errors?.[0]?.message).toBe('filter.name.contains: must have at most 200 characters');
    const { errors: many } = await gateway.query(byIds, { v: Array(1_001).fill('x') });
    expect(many?.[0]?.message).toBe('ids: must have at most 1000 items');
  });
});

describe('an argument of the largest size', () => {
  it.each([
    ['a text', byText, 'x'.repeat(200)],
    ['a list', byFilter, { name: { in: Array(1_000).fill('x'.repeat(200)) } }],
    ['statuses', orders, { status: Array(1_000).fill('RECEIVED') }],
    ['ids', byIds, Array(1_000).fill('U2FsZXNVbml0OjE=')],
  ])('is accepted: %s', async (_what, query, v) => {
    await using gateway = await startTestGateway();
    const { errors = [] } = await gateway.query(query, { v });
    expect(errors.filter(({ path }) => !path)).toEqual([]);
  });

  it('follows the size of a page', async () => {
    await using gateway = await startTestGateway({ env: { MAX_PAGE_SIZE: '2' } });
    const { errors } = await gateway.query(byIds, { v: ['x', 'x', 'x'] });
    expect(errors?.[0]?.message).toBe('ids: must have at most 2 items');
  });

  it('leaves long texts of an order to its own rules', async () => {
    await using gateway = await startTestGateway();
    const { data } = await gateway.query(dryRuns(1), { v: dryRun({ salesUnitName: 'x'.repeat(900_000) }) });
    expect(data).toEqual({ prefillProductOrders: { results: [{ userErrors: [{ code: 'TOO_LONG' }] }] } });
  });

  it('is read for the operation that runs, not for others of the document', async () => {
    await using gateway = await startTestGateway();
    const response = await gateway.gateway.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query:
          'query A($v: String) { salesUnits(after: $v) { totalCount } } mutation B($v: String) { prefillProductOrder(input: { productType: LOGIN, dryRun: true, businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }, salesUnitLogo: $v }) { userErrors { code } } }',
        operationName: 'B',
        variables: { v: 'x'.repeat(2_000) },
      }),
    });
    const { errors, data } = (await response.json()) as { errors?: unknown; data?: unknown };
    expect(errors).toBeUndefined();
    expect(data).toEqual({ prefillProductOrder: { userErrors: [] } });
  });
});
