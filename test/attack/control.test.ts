import { describe, expect, it } from 'vitest';
import { runCrossTenant } from '../../attack/cross-tenant.ts';
import { startFixture } from '../../attack/fixture.ts';
import { runSuite } from '../../attack/suite.ts';

const SEED = 5;
const options = { documents: 200, strictTimes: false, untilFailure: true };

describe('the unprotected baseline', () => {
  it('fails the row about files', { timeout: 120_000 }, async () => {
    await using fixture = await startFixture();
    await using baseline = await fixture.startBaseline();
    const [files] = await runSuite(baseline, { ...options, only: ['A65'] });
    expect(files?.failures).not.toEqual([]);
  });

  it('fails rows that the gateway passes', { timeout: 120_000 }, async () => {
    await using fixture = await startFixture();
    await using baseline = await fixture.startBaseline();
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
    const results = await runSuite(baseline, { ...options, only });
    expect(results.filter(({ failures }) => failures.length === 0).map(({ id }) => id)).toEqual([]);
    const cross = await runCrossTenant(baseline, 400, SEED);
    expect(cross.leakCount).toBeGreaterThan(0);
  });

  it('fails the rows about routers', { timeout: 120_000 }, async () => {
    await using fixture = await startFixture({ subgraph: true });
    await using baseline = await fixture.startBaseline();
    const only = ['A77', 'A78', 'A79', 'A80', 'A81'];
    const results = await runSuite(baseline, { ...options, only });
    expect(results.filter(({ failures }) => failures.length > 0).map(({ id }) => id)).toEqual(only);
    const cross = await runCrossTenant(baseline, 400, SEED);
    expect(cross.leakCount).toBeGreaterThan(0);
  });

  it('fails the rows about long texts, large variables and names', { timeout: 180_000 }, async () => {
    await using fixture = await startFixture();
    await using baseline = await fixture.startBaseline();
    const results = await runSuite(baseline, { ...options, only: ['A62', 'A63', 'A72'] });
    expect(results.map(({ id, failures }) => [id, failures.length > 0])).toEqual([
      ['A62', true],
      ['A63', true],
      ['A72', true],
    ]);
  });
});
