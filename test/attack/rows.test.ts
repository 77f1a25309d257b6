import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, startStage, type Target } from '../../attack/stage.ts';
import { runSuite, suiteRows } from '../../attack/suite.ts';

// The rows of `npm run attack`, with fewer documents.
const options = { documents: 200, strictTimes: false };

describe('an attacked gateway', () => {
  let stage: Stage;
  let gateway: Target;

  beforeAll(async () => {
    stage = await startStage();
    gateway = await stage.startGateway();
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  it.each(suiteRows(options).map(({ id, what }) => [id, what]))(
    'holds %s: %s',
    { timeout: 60_000 },
    async (id) => {
      const [result] = await runSuite(gateway, { ...options, only: [id] });
      expect(result?.complaints).toEqual([]);
      expect(result?.checks).toBeGreaterThan(0);
    },
  );
});
