import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCrossTenant } from '../../attack/cross-tenant.ts';
import { type Fixture, startFixture, type Target } from '../../attack/fixture.ts';
import { runFuzz } from '../../attack/fuzz.ts';
import { queriesFor } from '../../attack/queries.ts';
import { readVisibleData } from '../../attack/visible-data.ts';
import { schema } from '../../src/schema/index.ts';

// A tenth of the answers of `npm run attack`.
const SEED = 5;

const folder = mkdtempSync(join(tmpdir(), 'tenants-'));
const DIRECTORIES = { DIRECTORY: 'on', DIRECTORY_CALLS_PER_SECOND: '1000', DATA_DIR: folder };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a gateway of many tenants under attack', () => {
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

  it('covers every field of the query type', async () => {
    const queries = queriesFor(await readVisibleData(fixture.sandbox), gateway.endpoint)
      .map(({ query }) => query)
      .join('\n');
    const fields = Object.keys(schema.getQueryType()?.getFields() ?? {});
    expect(fields.filter((name) => !new RegExp(`\\b${name}\\b`).test(queries))).toEqual([]);
  });

  it.each([
    ['with the cache', {}, 8_000],
    ['with directories', DIRECTORIES, 4_000],
    ['without the cache', { CACHE: 'off' }, 2_000],
  ])('shows no tenant the data of another, %s', { timeout: 120_000 }, async (_what, env, answers) => {
    await using target = await fixture.startGateway({ ...env, LOG_LEVEL: 'info' });
    const result = await runCrossTenant(target, answers, SEED);
    expect(result).toMatchObject({ leakCount: 0, leaks: [], odd: {}, mixedKeys: 0, unauthorized: 0 });
    expect(result.answers).toBeGreaterThanOrEqual(answers);
    expect(result.aborted).toBeGreaterThan(0);
    expect(result.withData).toBeGreaterThan(answers / 10);
  });

  it('answers every mutated request', { timeout: 120_000 }, async () => {
    const result = await runFuzz(gateway, 3_000, SEED);
    expect(result.bad).toEqual([]);
    expect(result.statuses['200']).toBeGreaterThan(0);
    expect(result.statuses['400']).toBeGreaterThan(0);
  });
});
