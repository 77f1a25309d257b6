import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { anyOperation } from './cost/any-operation.ts';
import { rowsOf } from './cost/rows-of.ts';

const OPERATIONS = 500;

describe.each([
  ['without a cache', 'off'],
  ['with a directory that answers', 'on'],
])('the estimate of any operation %s', (_name, cache) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      directory: true,
      sandbox: { units: 12, latencyMs: 0 },
      env: {
        MAX_UPSTREAM_CALLS: '1000000',
        MAX_ROWS: '1000000',
        CACHE: cache,
        REQUEST_DEADLINE_MS: '60000',
      },
      // Many aliases and levels are what a router sends.
      caller: { audience: 'router' },
    });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('is never below the calls and rows that it really causes', async () => {
    const seen = {
      operations: 0,
      calls: 0,
      estimates: 0,
      exact: 0,
      writes: 0,
      fragments: 0,
      variables: 0,
      nodes: 0,
    };
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (draw) => {
        const { query, variables } = anyOperation(draw, gateway.sandbox.data);
        gateway.sandbox.reset();
        const { data, errors, extensions } = await gateway.query(query, variables, {
          headers: { 'x-cost-report': '1' },
        });
        const codes = errors?.map(({ extensions: { code } }) => code) ?? [];
        // A few of the largest could return more rows than the highest ceiling there is.
        fc.pre(!codes.includes('OPERATION_TOO_COMPLEX') && !codes.includes('OPERATION_TOO_EXPENSIVE'));
        // Whatever else was refused whole says nothing about the estimate, and would hide a mistake of the generator.
        expect(data, JSON.stringify({ query, variables, errors })).toBeDefined();
        const calls = Object.values(gateway.calls()).reduce((sum, count) => sum + count, 0);
        const { calls: estimate, rows: mostRows } = extensions?.cost ?? {
          calls: Number.NaN,
          rows: Number.NaN,
        };
        expect(estimate, query).toBeGreaterThanOrEqual(calls);
        expect(mostRows, query).toBeGreaterThanOrEqual(rowsOf(data));
        seen.operations++;
        seen.calls += calls;
        seen.estimates += estimate;
        seen.exact += Number(estimate === calls);
        seen.writes += Number(query.startsWith('mutation'));
        seen.fragments += Number(query.includes('fragment '));
        seen.variables += Number(query.includes('$'));
        seen.nodes += Number(/\bnodes?\(/.test(query));
      }),
      { numRuns: OPERATIONS, endOnFailure: true },
    );
    // A generator that makes small or alike operations would prove nothing.
    expect(seen.operations).toBe(OPERATIONS);
    if (cache === 'off') expect(seen.calls, JSON.stringify(seen)).toBeGreaterThan(2 * OPERATIONS);
    for (const kind of [seen.writes, seen.fragments, seen.variables, seen.nodes])
      expect(kind, JSON.stringify(seen)).toBeGreaterThan(OPERATIONS / 20);
  }, 300_000);
});
