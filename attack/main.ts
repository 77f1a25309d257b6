import { parseArgs } from 'node:util';
import { variablesOf } from '../test/support/variables.ts';
import { runCrossTenant } from './cross-tenant.ts';
import { type Fixture, startFixture, type Target } from './fixture.ts';
import { runFuzz } from './fuzz.ts';
import { readEventLoop } from './process-metrics.ts';
import { createReport } from './report.ts';
import { skippedRows } from './rows/skipped.ts';
import { createSeededRandom } from './seeded-random.ts';
import { runSuite } from './suite.ts';
import { runWorstCase } from './worst-case.ts';

// npm run attack -- [--answers N] [--fuzz N] [--documents N] [--seed N] [--only A01,A02] [--skip-baseline] [--subgraph] [--set NAME=VALUE]…

const { values } = parseArgs({
  options: {
    answers: { type: 'string', default: '100000' },
    fuzz: { type: 'string', default: '20000' },
    documents: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    only: { type: 'string' },
    'skip-baseline': { type: 'boolean', default: false },
    subgraph: { type: 'boolean', default: false },
    /** Variables of the gateway, such as WORKERS=2 or HOT_PATH=off. */
    set: { type: 'string', multiple: true, default: [] },
  },
});
const seed = values.seed === undefined ? createSeededRandom(Date.now()).below(2 ** 31) : Number(values.seed);
const selection = values.only === undefined ? {} : { only: values.only.split(',') };
const isWhole = values.only === undefined;
const { subgraph } = values;
const env = variablesOf(values.set);

/** An unprotected server must fail at least this many rows, or the rows prove nothing. */
const BASELINE_FAILS_AT_LEAST = 20;
const BASELINE_ANSWERS = 400;
const MOST_BUSY_MS = 100;
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_MIB = 512;
const CLIENTS = 50;
const WORST_CASE_UNITS = 1_200;

const { say, expect, showRow, failures } = createReport();

say(`seed ${seed}`);
await attackGateway();
if (!values['skip-baseline']) await attackBaseline();
say(failures.length === 0 ? '\nAll passed.' : `\n${failures.length} failed:`);
for (const what of failures) say(`  ${what}`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function attackGateway(): Promise<void> {
  await using fixture = await startFixture({ subgraph, env });
  await using gateway = await fixture.startGateway();
  say(`\nThe gateway as it runs in production, at ${gateway.endpoint.path}\n`);
  await attackWithRows(gateway);
  if (!isWhole) return;
  await attackAcrossTenants(fixture, 'with the cache', {}, 0.8);
  await attackAcrossTenants(fixture, 'without the cache', { CACHE: 'off' }, 0.2);
  await attackWithMutations(gateway);
  await attackWithLargestOperations();
  searchForSecrets(gateway);
}

async function attackWithRows(gateway: Target): Promise<void> {
  const options = { documents: Number(values.documents), strictTimes: true, ...selection };
  const results = await runSuite(gateway, { ...options, onRow: showRow });
  const passed = results.filter((result) => result.failures.length === 0).length;
  for (const [id, reason] of Object.entries(skippedRows)) say(`${id}  skipped: ${reason}`);
  say('');
  expect(`rows: ${passed}/${results.length}`, passed === results.length);
  const busiest = Math.max(...results.map(({ loop }) => loop.busyMs));
  const latest = Math.max(...results.map(({ loop }) => loop.lateMs));
  expect(
    `event loop: at most ${busiest.toFixed(0)} ms of work in one turn, ${latest.toFixed(0)} ms late`,
    busiest <= MOST_BUSY_MS,
  );
}

async function attackAcrossTenants(
  fixture: Fixture,
  what: string,
  env: Record<string, string>,
  share: number,
): Promise<void> {
  await using target = await fixture.startGateway({ ...env, LOG_LEVEL: 'info' });
  const startedAt = performance.now();
  const cross = await runCrossTenant(target, Number(values.answers) * share, seed);
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const leak of cross.leaks) say(`       - ${leak}`);
  say(
    `        at least ${cross.canaries} canaries for each tenant, ${cross.withData} answers with data, ${JSON.stringify(cross.odd)} other than 200, ${seconds.toFixed(0)} s`,
  );
  expect(
    `tenants ${what}: ${cross.leakCount} leaks in ${cross.answers} answers, ${cross.aborted} aborted`,
    cross.leakCount === 0 && cross.withData > 0 && Object.keys(cross.odd).length === 0,
  );
  expect(
    `keys ${what}: ${cross.mixedKeys} mixed, ${cross.unauthorized} refused by the upstream`,
    cross.mixedKeys + cross.unauthorized === 0,
  );
}

async function attackWithMutations(gateway: Target): Promise<void> {
  const fuzz = await runFuzz(gateway, Number(values.fuzz), seed);
  for (const bad of fuzz.bad) say(`       - ${bad}`);
  expect(
    `fuzz: ${fuzz.badCount} bad answers of ${fuzz.sent}, ${JSON.stringify(fuzz.statuses)}, slowest ${fuzz.slowestMs.toFixed(0)} ms, longest ${fuzz.longestBytes} bytes`,
    fuzz.badCount === 0 && fuzz.longestBytes <= MOST_BYTES,
  );
  const loop = await readEventLoop(gateway.process);
  expect(
    `event loop during the fuzz: ${loop.busyMs.toFixed(0)} ms of work in one turn, ${loop.lateMs.toFixed(0)} ms late`,
    loop.busyMs <= MOST_BUSY_MS,
  );
}

async function attackWithLargestOperations(): Promise<void> {
  await using fixture = await startFixture({ units: WORST_CASE_UNITS, subgraph, env });
  await using gateway = await fixture.startGateway({ LOG_LEVEL: 'info' });
  const worst = await runWorstCase(gateway, CLIENTS, 3);
  expect(
    `${CLIENTS} clients with the largest accepted operations: ${worst.answered} answered, ${JSON.stringify(worst.refused)}, longest ${worst.longestBytes} bytes, at most ${worst.peakMiB} MiB and ${worst.busyMs.toFixed(0)} ms in one turn`,
    worst.answered > 0 && worst.peakMiB <= MOST_MIB && worst.busyMs <= MOST_BUSY_MS,
  );
}

function searchForSecrets({ fixture, process }: Target): void {
  const { secrets } = fixture;
  secrets.look('stdout', process.stdout);
  secrets.look('stderr', process.stderr);
  expect(
    `secrets: ${secrets.found.length} of ${secrets.count} found in ${secrets.looked} texts`,
    secrets.found.length === 0,
  );
}

async function attackBaseline(): Promise<void> {
  say('\nThe baseline: the same schema on an unprotected server\n');
  await using fixture = await startFixture({ subgraph, env });
  await using baseline = await fixture.startBaseline();
  const results = await runSuite(baseline, { documents: 500, strictTimes: false, ...selection });
  const failed = results.filter((result) => result.failures.length > 0);
  say(`fails ${failed.map(({ id }) => id).join(' ')}`);
  if (!isWhole) return;
  expect(
    `the baseline fails ${failed.length} of ${results.length} rows, at least ${BASELINE_FAILS_AT_LEAST}`,
    failed.length >= BASELINE_FAILS_AT_LEAST,
  );
  const cross = await runCrossTenant(baseline, BASELINE_ANSWERS, seed);
  expect(`the baseline leaks: ${cross.leakCount} of ${cross.answers} answers`, cross.leakCount > 0);
}
