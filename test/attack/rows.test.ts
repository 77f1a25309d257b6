import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, startFixture, type Target } from '../../attack/fixture.ts';
import { runSuite } from '../../attack/suite.ts';
import { suiteRows } from '../../attack/suite-rows.ts';

// The rows of `npm run attack`, with fewer documents.
const options = { documents: 200, strictTimes: false };

describe('an attacked gateway', () => {
  let fixture: Fixture;
  let gateway: Target;

  beforeAll(async () => {
    fixture = await startFixture();
    gateway = await fixture.startGateway();
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await fixture[Symbol.asyncDispose]();
  });

  it.each(suiteRows(options).map(({ id, what }) => [id, what]))(
    'holds %s: %s',
    { timeout: 60_000 },
    async (id) => {
      const [result] = await runSuite(gateway, { ...options, only: [id] });
      expect(result?.failures).toEqual([]);
      expect(result?.checks).toBeGreaterThan(0);
    },
  );
});
