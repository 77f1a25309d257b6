import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { operationCost } from '../../src/operation/operation-cost.ts';
import { schema } from '../../src/schema/index.ts';

const costOf = (text: string, variables?: Record<string, unknown>) =>
  operationCost(schema, { document: parse(text), variables }, { maxPageSize: 1_000 });
const cost = (text: string, variables?: Record<string, unknown>) => costOf(text, variables).calls;

const id = 'businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }';

// Time of the processor: what else the machine does at the moment says nothing about the estimate.
const cpuMs = (started: NodeJS.CpuUsage) => {
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / 1_000;
};

describe('the cost of an operation', () => {
  it.each([
    ['{ __typename }', 0],
    ['{ viewer { tenant } }', 0],
    ['{ salesUnits(first: 1000) { nodes { msn name } totalCount } }', 1],
    ['{ salesUnits(first: 1000) { nodes { configuration { captureType } } } }', 1 + 1000],
    [
      '{ salesUnits(first: 1000) { nodes { configuration { captureType } merchant { businessIdentifier { value } } } } }',
      1 + 1000,
    ],
    [
      '{ salesUnits(first: 1000) { nodes { merchant { name status } businessIdentifier { value } } } }',
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

  it('is estimated again for other variables of introspection', () => {
    const document = parse('query ($name: String!) { __type(name: $name) { fields { name } } }');
    const rowsOf = (name: string) =>
      operationCost(schema, { document, variables: { name } }, { maxPageSize: 1_000 }).rows;
    expect(rowsOf('Missing')).toBeLessThan(rowsOf('Query'));
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
    const started = process.threadCpuUsage();
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
    const started = process.threadCpuUsage();
    const { calls, rows } = operationCost(schema, { document }, { maxPageSize: 1_000 });
    expect([calls, rows]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(cpuMs(started)).toBeLessThan(500);
  });

  it('is not searched for all its wrong variables', () => {
    const document = parse('query ($v: [ID!]!) { nodes(ids: $v) { id } }');
    const variables = { v: Array.from({ length: 300_000 }, () => ({})) };
    const started = process.threadCpuUsage();
    expect(operationCost(schema, { document, variables }, { maxPageSize: 1_000 })).toEqual({
      calls: 0,
      rows: 0,
    });
    expect(cpuMs(started)).toBeLessThan(500);
  });
});
