import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { operationCost } from '../../src/operation/operation-cost.ts';
import { schema } from '../../src/schema/index.ts';
import { busiestTurn } from '../support/busiest-turn.ts';
import { type GatewayOverrides, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { anyOperation } from './cost/any-operation.ts';
import { rowsOf } from './cost/rows-of.ts';

const OPERATIONS = 2_000;
const MOST_ROWS = 20_000;
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_BUSY_MS = 100;

interface Extremes {
  accepted: number;
  refused: number;
  rows: number;
  bytes: number;
  busyMs: number;
  /** Answers of more rows than a large page of an admin application has. */
  large: number;
}

/**
 * A gateway over one merchant with 500 units and 200 orders, with everything in the cache, as an attacker would have
 * it: nothing is left to wait for.
 */
async function startCrowded(env: Record<string, string>, overrides?: GatewayOverrides): Promise<TestGateway> {
  const gateway = await startTestGateway({
    sandbox: { units: 600, latencyMs: 0, crowd: { units: 500, orders: 200 } },
    env: { CACHE: 'on', CACHE_MAX_BYTES: '268435456', ...env },
    // Many levels and aliases are what a router sends.
    caller: { audience: 'router' },
    ...(overrides && { gateway: overrides }),
  });
  for (let round = 0; round < 3; round++) await gateway.query(EVERYTHING);
  return gateway;
}

const EVERYTHING = `{
  salesUnits(first: 1000) { nodes { name configuration { captureType } merchant { name } productOrder { status } } }
  productOrders(first: 1000, includeExpired: true) { nodes { status merchant { salesUnits { totalCount } } } }
  pricePackages { name }
}`;

/** Runs generated operations, those whose estimate `isMeant`. */
async function run(
  gateway: TestGateway,
  operations: number,
  isMeant: (estimate: number) => boolean,
  pages: readonly number[] = [1, 20, 50, 100, 200, 500, 1_000],
  refusals: readonly string[] = ['OPERATION_TOO_EXPENSIVE'],
): Promise<Extremes> {
  const seen: Extremes = { accepted: 0, refused: 0, rows: 0, bytes: 0, busyMs: 0, large: 0 };
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => {
      const { query, variables } = anyOperation(draw, gateway.sandbox.data, {
        pages,
        writes: false,
        // There is no directory: each error of a search takes longer than the field it is in.
        searches: false,
      });
      fc.pre(
        isMeant(operationCost(schema, { document: parse(query), variables }, { maxPageSize: 1_000 }).rows),
      );
      const { text, busyMs } = await busiestTurn(() => ask(gateway, query, variables));
      const { data, errors, extensions } = JSON.parse(text);
      fc.pre(!errors?.some(({ extensions: { code } }: never) => code === 'OPERATION_TOO_COMPLEX'));
      if (!data) {
        expect(refusals, text.slice(0, 300)).toContain(errors[0].extensions.code);
        seen.refused++;
        return;
      }
      const rows = rowsOf(data);
      expect(extensions.cost.rows, query).toBeGreaterThanOrEqual(rows);
      seen.accepted++;
      seen.rows = Math.max(seen.rows, rows);
      seen.bytes = Math.max(seen.bytes, Buffer.byteLength(text));
      seen.busyMs = Math.max(seen.busyMs, busyMs);
      seen.large += Number(rows > 5_000);
    }),
    // Few operations are as large as the control wants them.
    { numRuns: operations, maxSkipsPerRun: 20_000 },
  );
  return seen;
}

async function ask({ gateway }: TestGateway, query: string, variables: object): Promise<string> {
  const response = await gateway.fetch('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-cost-report': '1' },
    body: JSON.stringify({ query, variables }),
  });
  return response.text();
}

describe('any operation over a crowded merchant', () => {
  it('stays within rows, bytes and time at the default limits', { timeout: 300_000 }, async () => {
    await using gateway = await startCrowded({});
    const seen = await run(gateway, OPERATIONS, () => true);
    expect(seen.rows, JSON.stringify(seen)).toBeLessThanOrEqual(MOST_ROWS);
    expect(seen.bytes).toBeLessThanOrEqual(MOST_BYTES);
    expect(seen.busyMs).toBeLessThanOrEqual(MOST_BUSY_MS);
    // Small operations only would prove nothing, nor would operations that are all refused.
    expect(seen.accepted).toBeGreaterThan(200);
    expect(seen.refused).toBeGreaterThan(50);
    expect(seen.large).toBeGreaterThan(10);
  });

  it('exceeds all three with the limits off', { timeout: 300_000 }, async () => {
    await using gateway = await startCrowded(
      {
        MAX_ROWS: '1000000',
        MAX_UPSTREAM_CALLS: '1000000',
        MAX_ANSWER_BYTES: '268435456',
        REQUEST_DEADLINE_MS: '60000',
      },
      { turns: { take: () => true, next: async () => {} } },
    );
    const seen = { rows: 0, bytes: 0, busyMs: 0 };
    // Some of so many rows have little in them.
    for (let tries = 0; tries < 30 && seen.bytes <= MOST_BYTES; tries++) {
      // Larger ones would prove no more, and would not come to an end.
      const { rows, bytes, busyMs } = await run(
        gateway,
        1,
        (estimate) => estimate > 500_000 && estimate < 1_000_000,
        // As long as the lists of the crowded merchant are, so that little is estimated that is not there.
        [200],
        // Memory is still admitted by bytes.
        ['OPERATION_TOO_EXPENSIVE', 'OVERLOADED'],
      );
      seen.rows = Math.max(seen.rows, rows);
      seen.bytes = Math.max(seen.bytes, bytes);
      seen.busyMs = Math.max(seen.busyMs, busyMs);
    }
    expect(seen.rows, JSON.stringify(seen)).toBeGreaterThan(MOST_ROWS);
    expect(seen.bytes).toBeGreaterThan(MOST_BYTES);
    expect(seen.busyMs).toBeGreaterThan(MOST_BUSY_MS);
  });
});
