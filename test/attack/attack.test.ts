import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSights } from '../../attack/canaries.ts';
import { runCrossTenant } from '../../attack/cross-tenant.ts';
import { runFuzz } from '../../attack/fuzz.ts';
import { questionsAbout } from '../../attack/questions.ts';
import { type Stage, startStage, type Target } from '../../attack/stage.ts';
import { runSuite, suiteRows } from '../../attack/suite.ts';
import { schema } from '../../src/schema/index.ts';

// A part of what `npm run attack` does: the same rows, a tenth of the answers.
const SEED = 5;
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

  it('asks every field of the query type between tenants', async () => {
    const questions = questionsAbout(await readSights(stage.sandbox)).join('\n');
    const fields = Object.keys(schema.getQueryType()?.getFields() ?? {});
    expect(fields.filter((name) => !new RegExp(`\\b${name}\\b`).test(questions))).toEqual([]);
  });

  it.each([
    ['with the cache', {}, 8_000],
    ['without it', { CACHE: 'off' }, 2_000],
  ])('shows nobody what is another tenant’s, %s', { timeout: 120_000 }, async (_what, env, answers) => {
    await using target = await stage.startGateway({ ...env, LOG_LEVEL: 'info' });
    const result = await runCrossTenant(target, answers, SEED);
    expect(result).toMatchObject({ leakCount: 0, leaks: [], odd: {}, mixedKeys: 0, unauthorized: 0 });
    expect(result.answers).toBeGreaterThanOrEqual(answers);
    expect(result.aborted).toBeGreaterThan(0);
    expect(result.withData).toBeGreaterThan(answers / 10);
  });

  it('answers whatever it is sent', { timeout: 120_000 }, async () => {
    const result = await runFuzz(gateway, 3_000, SEED);
    expect(result.bad).toEqual([]);
    expect(result.statuses['200']).toBeGreaterThan(0);
    expect(result.statuses['400']).toBeGreaterThan(0);
  });
});

describe('the control, which does nothing for its safety', () => {
  it('fails what is about files', { timeout: 120_000 }, async () => {
    await using stage = await startStage();
    await using weak = await stage.startWeak();
    const [files] = await runSuite(weak, { ...options, only: ['A65'] });
    expect(files?.complaints).not.toEqual([]);
  });

  it('fails what the gateway holds', { timeout: 120_000 }, async () => {
    await using stage = await startStage();
    await using weak = await stage.startWeak();
    const only = [
      'A01',
      'A03',
      'A09',
      'A11',
      'A12',
      'A15',
      'A26',
      'A31',
      'A38',
      'A66',
      'A69',
      'A70',
      'A73',
      'A74',
      'A75',
    ];
    const results = await runSuite(weak, { ...options, only });
    expect(results.filter(({ complaints }) => complaints.length === 0).map(({ id }) => id)).toEqual([]);
    const cross = await runCrossTenant(weak, 400, SEED);
    expect(cross.leakCount).toBeGreaterThan(0);
  });

  it('fails what is about long texts, large variables and names', { timeout: 180_000 }, async () => {
    await using stage = await startStage();
    await using weak = await stage.startWeak();
    const results = await runSuite(weak, { ...options, only: ['A62', 'A63', 'A72'] });
    expect(results.map(({ id, complaints }) => [id, complaints.length > 0])).toEqual([
      ['A62', true],
      ['A63', true],
      ['A72', true],
    ]);
  });
});
