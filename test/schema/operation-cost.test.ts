import fc from 'fast-check';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { operationCost } from '../../src/schema/operation-cost.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const cost = (text: string, variables?: Record<string, unknown>) =>
  operationCost(schema, { document: parse(text), variables });

const id = 'businessIdentifier: { scheme: "business:NO:ORG", id: "123456785" }';

// Time of the processor: what else the machine does at the moment says nothing about the estimate.
const cpuMs = (started: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
};

describe('the cost of an operation', () => {
  it.each([
    ['{ __typename }', 0],
    ['{ viewer { tenant } }', 0],
    ['{ salesUnits(first: 1000) { nodes { msn name } totalCount } }', 1],
    ['{ salesUnits(first: 1000) { nodes { configuration { captureType } } } }', 1 + 1000],
    [
      '{ salesUnits(first: 1000) { nodes { configuration { captureType } merchant { businessIdentifier { id } } } } }',
      1 + 1000,
    ],
    [
      '{ salesUnits(first: 1000) { nodes { merchant { name status } businessIdentifier { id } } } }',
      1 + 2000,
    ],
    ['{ salesUnits { nodes { merchant { name } } } }', 1 + 100],
    [
      '{ salesUnits(last: 3) { edges { node { configuration { captureType } } } nodes { configuration { captureType } } } }',
      1 + 6,
    ],
    ['{ salesUnit(msn: "1") { configuration { captureType } merchant { name } } }', 2],
    ['{ a: salesUnit(msn: "1") { msn } b: salesUnit(msn: "2") { msn } }', 2],
    [`{ merchant(${id}) { name salesUnits(first: 10) { nodes { merchant { name } } } } }`, 1 + 1 + 10 + 10],
    [
      '{ productOrders { nodes { merchant { name } salesUnit { configuration { captureType } } } } }',
      2 + 50 + 50,
    ],
    [
      '{ pricePackages { name } a: pricePackage(pricePackageId: "x") { name } viewer { pricePackageCount } }',
      1,
    ],
    ['{ nodes(ids: ["a", "b", "c"]) { id ... on SalesUnit { merchant { name } } } }', 3 + 3 + 3],
    [
      '{ ...F } fragment F on Query { salesUnits(first: 5) { nodes { ... on SalesUnit { configuration { captureType } } } } }',
      1 + 5,
    ],
    ['{ salesUnits(first: 5) { nodes { configuration @skip(if: true) { captureType } } } }', 1],
  ])('of %s is %i', (text, expected) => {
    expect(cost(text)).toBe(expected);
  });

  it('follows variables and their defaults', () => {
    const text = 'query ($n: Int = 7) { salesUnits(first: $n) { nodes { configuration { captureType } } } }';
    expect(cost(text)).toBe(8);
    expect(cost(text, { n: 3 })).toBe(4);
  });

  it('stops counting in a document that grows without end', () => {
    const levels = Array.from({ length: 60 }, (_, level) => {
      const next =
        level === 59
          ? 'msn'
          : `merchant { a: salesUnits(first: 1) { nodes { ...F${level + 1} } } b: salesUnits(first: 1) { nodes { ...F${level + 1} } } }`;
      return `fragment F${level} on SalesUnit { ${next} }`;
    });
    const text = `{ salesUnits(first: 1) { nodes { ...F0 } } } ${levels.join(' ')}`;
    const started = process.cpuUsage();
    expect(cost(text)).toBe(Number.POSITIVE_INFINITY);
    expect(cpuMs(started)).toBeLessThan(500);
  });
});

describe('a hostile document', () => {
  it.each([
    [
      'many skipped fields in a fragment named often',
      () => {
        const skipped = Array.from({ length: 3_000 }, (_, index) => `b${index}: tenant @skip(if: true)`).join(
          ' ',
        );
        const named = Array.from({ length: 15_000 }, (_, index) => `a${index}: viewer { ...V }`).join(' ');
        return `{ ${named} } fragment V on Viewer { tenant ${skipped} }`;
      },
    ],
    [
      'many levels',
      () => {
        const levels = 'merchant { salesUnits(first: 1) { nodes { '.repeat(600);
        return `{ salesUnits(first: 1) { nodes { ${levels} msn ${'} } } '.repeat(600)} } } }`;
      },
    ],
  ])('is given up soon: %s', (_what, make) => {
    const document = parse(make());
    const started = process.cpuUsage();
    expect(operationCost(schema, { document })).toBe(Number.POSITIVE_INFINITY);
    expect(cpuMs(started)).toBeLessThan(500);
  });

  it('is not searched for all its wrong variables', () => {
    const document = parse('query ($v: [ID!]!) { nodes(ids: $v) { id } }');
    const variables = { v: Array.from({ length: 300_000 }, () => ({})) };
    const started = process.cpuUsage();
    expect(operationCost(schema, { document, variables })).toBe(0);
    expect(cpuMs(started)).toBeLessThan(500);
  });
});

describe('the estimate', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      sandbox: { units: 12, latencyMs: 0 },
      env: { MAX_UPSTREAM_CALLS: '1000000' },
    });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('is never below the calls that really happen', async () => {
    await fc.assert(
      fc.asyncProperty(operation(gateway), async (text) => {
        gateway.sandbox.reset();
        const { errors } = await gateway.query(text);
        expect(errors?.filter(({ extensions }) => extensions.code !== 'BAD_USER_INPUT') ?? []).toEqual([]);
        const calls = Object.values(gateway.calls()).reduce((sum, count) => sum + count, 0);
        expect(cost(text)).toBeGreaterThanOrEqual(calls);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

/** Legal operations of several fields and levels, by aliases so that no two selections clash. */
function operation({ sandbox }: TestGateway): fc.Arbitrary<string> {
  const msn = fc.constantFrom(...sandbox.data.msns.slice(0, 4), '999999');
  const orderId = fc.constantFrom(
    ...sandbox.data.orders.flatMap(({ id }) => id ?? []).slice(0, 4),
    '00000000-0000-0000-0000-000000000000',
  );
  const size = fc.integer({ min: 0, max: 6 });
  const { unit, merchant, order } = fc.letrec<Record<'unit' | 'merchant' | 'order', string>>((tie) => ({
    unit: selection(
      fc.constantFrom('msn', 'name', 'businessIdentifier { id }', 'configuration { captureType }'),
      tie('merchant').map((fields) => `merchant ${fields}`),
      tie('order').map((fields) => `productOrder ${fields}`),
    ),
    merchant: selection(
      fc.constantFrom('name', 'status', 'businessIdentifier { id }'),
      fc.tuple(size, tie('unit')).map(([first, fields]) => `salesUnits(first: ${first}) { nodes ${fields} }`),
      fc
        .tuple(size, tie('order'))
        .map(([first, fields]) => `productOrders(first: ${first}) { nodes ${fields} }`),
    ),
    order: selection(
      fc.constantFrom('status', 'url'),
      tie('merchant').map((fields) => `merchant ${fields}`),
      tie('unit').map((fields) => `salesUnit ${fields}`),
    ),
  }));
  return selection(
    fc.constantFrom('viewer { salesUnitCount productOrderCount }', 'pricePackages { name }'),
    fc.tuple(size, unit).map(([first, fields]) => `salesUnits(first: ${first}) { nodes ${fields} }`),
    fc.tuple(msn, unit).map(([number, fields]) => `salesUnit(msn: "${number}") ${fields}`),
    fc.tuple(orderId, order).map(([number, fields]) => `productOrder(productOrderId: "${number}") ${fields}`),
    fc
      .tuple(size, fc.boolean(), order)
      .map(
        ([first, expired, fields]) =>
          `productOrders(first: ${first}, includeExpired: ${expired}) { nodes ${fields} }`,
      ),
    fc
      .tuple(fc.array(msn, { maxLength: 3 }), unit)
      .map(
        ([msns, fields]) =>
          `nodes(ids: ${JSON.stringify(msns.map((number) => Buffer.from(`SalesUnit:${number}`).toString('base64')))}) { ... on SalesUnit ${fields} }`,
      ),
    merchant.map(
      (fields) =>
        `merchant(businessIdentifier: { scheme: "${sandbox.data.merchants[0]?.scheme}", id: "${sandbox.data.merchants[0]?.id}" }) ${fields}`,
    ),
  );
}

function selection(leaf: fc.Arbitrary<string>, ...branches: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const field = fc.oneof({ maxDepth: 4, depthIdentifier: 'operation' }, leaf, ...branches);
  return fc
    .array(field, { minLength: 1, maxLength: 3 })
    .map((fields) => `{ ${fields.map((text, index) => `f${index}: ${text}`).join(' ')} }`);
}
