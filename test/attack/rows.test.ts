import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, startFixture, type Target } from '../../attack/fixture.ts';
import { type RowResult, runSuite } from '../../attack/suite.ts';
import { suiteRows } from '../../attack/suite-rows.ts';

// The rows of `npm run attack`, with fewer documents. Those of /subgraph are in subgraph.test.ts.
const options = { documents: 200, strictTimes: false };
/** Rows that mostly wait for time-outs. Each runs beside the others on its own gateway, even when `-t` selects none. */
const waitingRows = ['A68', 'A65'];
const TIMEOUT_MS = 60_000;

describe('a gateway under attack', () => {
  let fixture: Fixture;
  let gateway: Target;
  let waiting: ReadonlyMap<string, Promise<readonly RowResult[]>>;

  beforeAll(async () => {
    fixture = await startFixture();
    gateway = await fixture.startGateway();
    waiting = new Map(waitingRows.map((id) => [id, runAlone(id)]));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await Promise.allSettled(waiting.values());
    await gateway[Symbol.asyncDispose]();
    await fixture[Symbol.asyncDispose]();
  }, TIMEOUT_MS);

  const rows = suiteRows(options).filter(({ atSubgraph }) => !atSubgraph);
  it.each(rows.map(({ id, what }) => [id, what]))(
    'withstands %s: %s',
    { timeout: TIMEOUT_MS },
    async (id) => {
      const results = await (waiting.get(id) ?? runSuite(gateway, { ...options, only: [id] }));
      const result = results.find((row) => row.id === id);
      expect(result?.failures).toEqual([]);
      expect(result?.checks).toBeGreaterThan(0);
    },
  );
});

/** Runs one row on a gateway of its own. */
async function runAlone(id: string): Promise<readonly RowResult[]> {
  await using fixture = await startFixture();
  await using gateway = await fixture.startGateway();
  return await runSuite(gateway, { ...options, only: [id] });
}
