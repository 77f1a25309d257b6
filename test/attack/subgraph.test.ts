import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCrossTenant } from '../../attack/cross-tenant.ts';
import { type Fixture, startFixture, type Target } from '../../attack/fixture.ts';
import { runFuzz } from '../../attack/fuzz.ts';
import { queriesFor } from '../../attack/queries.ts';
import { type RowResult, runSuite } from '../../attack/suite.ts';
import { suiteRows } from '../../attack/suite-rows.ts';
import { readVisibleData } from '../../attack/visible-data.ts';
import { loadSubgraphSchema } from '../../src/schema/index.ts';

// `npm run attack -- --subgraph` sends every row to /subgraph. Here are its own rows, and those of the others that depend on
// the endpoint or on the audience of a key.

const options = { documents: 200, strictTimes: false };
const SEED = 5;
const dependent = [
  'A01',
  'A02',
  'A06',
  'A09',
  'A11',
  'A12',
  'A27',
  'A31',
  'A34',
  'A37',
  'A38',
  'A41',
  'A44',
  'A54',
];
/** Rows that mostly wait for answers that do not come. They run beside the others, each on its own gateway. */
const waitingRows = ['A51', 'A74'];
const rows = suiteRows(options).filter(
  ({ id, atSubgraph }) => atSubgraph || [...dependent, ...waitingRows].includes(id),
);

describe('a gateway attacked at /subgraph', () => {
  let fixture: Fixture;
  let gateway: Target;
  let waiting: ReadonlyMap<string, Promise<RowResult | undefined>>;
  beforeAll(async () => {
    waiting = new Map(waitingRows.map((id) => [id, runAlone(id)]));
    fixture = await startFixture({ subgraph: true });
    gateway = await fixture.startGateway();
  });
  afterAll(async () => {
    await Promise.allSettled(waiting.values());
    await gateway[Symbol.asyncDispose]();
    await fixture[Symbol.asyncDispose]();
  });

  it.each(rows.map(({ id, what }) => [id, what]))('withstands %s: %s', { timeout: 60_000 }, async (id) => {
    const result = await (waiting.get(id) ?? runRow(gateway, id));
    expect(result?.failures).toEqual([]);
    expect(result?.checks).toBeGreaterThan(0);
  });

  it('is asked for every field of the query type of routers, across tenants', async () => {
    const queries = queriesFor(await readVisibleData(fixture.sandbox), gateway.endpoint);
    const text = queries.map(({ query }) => query).join('\n');
    const fields = Object.keys((await loadSubgraphSchema()).getQueryType()?.getFields() ?? {});
    // It says the same to everybody.
    expect(fields.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual(['_service']);
  });

  it('never shows a tenant data of another one, even when it asks for that by key', {
    timeout: 60_000,
  }, async () => {
    const result = await runCrossTenant(gateway, 600, SEED);
    expect(result).toMatchObject({ leakCount: 0, leaks: [], odd: {}, mixedKeys: 0, unauthorized: 0 });
    expect(result.withData).toBeGreaterThan(60);
  });

  it('answers every mutated request', { timeout: 60_000 }, async () => {
    const result = await runFuzz(gateway, 500, SEED);
    expect(result.bad).toEqual([]);
    expect(result.statuses['200']).toBeGreaterThan(0);
    expect(result.statuses['400']).toBeGreaterThan(0);
  });
});

async function runRow(gateway: Target, id: string): Promise<RowResult | undefined> {
  const [result] = await runSuite(gateway, { ...options, only: [id] });
  return result;
}

async function runAlone(id: string): Promise<RowResult | undefined> {
  await using fixture = await startFixture({ subgraph: true });
  await using gateway = await fixture.startGateway();
  return await runRow(gateway, id);
}
