import { parseArgs } from 'node:util';
import { runCrossTenant } from './cross-tenant.ts';
import { startFixture } from './fixture.ts';
import { runFuzz } from './fuzz.ts';
import { readEventLoop } from './process-metrics.ts';
import { skippedRows } from './rows/skipped.ts';
import { anySeed, type RowResult, runSuite } from './suite.ts';
import { runWorstCase } from './worst-case.ts';

// npm run attack -- [--answers N] [--fuzz N] [--seed N] [--only A01,A02] [--skip-baseline]

const { values } = parseArgs({
  options: {
    answers: { type: 'string', default: '100000' },
    fuzz: { type: 'string', default: '20000' },
    documents: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    only: { type: 'string' },
    'skip-baseline': { type: 'boolean', default: false },
  },
});
const seed = values.seed === undefined ? anySeed() : Number(values.seed);
const only = values.only?.split(',');
/** A server that does nothing for its safety must fail at least so many rows, else the rows prove nothing. */
const BASELINE_FAILS_AT_LEAST = 20;
/** What a few answers of a gateway that mixes its callers up must hold. */
const BASELINE_ANSWERS = 400;
const MOST_BUSY_MS = 100;
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_MIB = 512;
const CLIENTS = 50;
const WORST_CASE_UNITS = 1_200;
const FAILURES_SHOWN = 4;

const say = (line: string) => process.stdout.write(`${line}\n`);
const show = ({ id, what, checks, failures, slowestRefusal, loop }: RowResult) => {
  const verdict = failures.length === 0 ? 'held' : 'FAILED';
  say(
    `${id}  ${verdict.padEnd(7)} ${String(checks).padStart(5)} checks  ${slowestRefusal.ms.toFixed(0).padStart(3)} ms  ${loop.busyMs.toFixed(0).padStart(4)} ms busy  ${what}`,
  );
  for (const failure of failures.slice(0, FAILURES_SHOWN)) say(`       - ${failure}`);
  if (failures.length > FAILURES_SHOWN) say(`       - and ${failures.length - FAILURES_SHOWN} more`);
};

const failures: string[] = [];
const hold = (what: string, holds: boolean) => {
  say(`${holds ? 'held  ' : 'FAILED'}  ${what}`);
  if (!holds) failures.push(what);
};

say(`seed ${seed}`);
{
  await using fixture = await startFixture();
  await using gateway = await fixture.startGateway();
  const options = { documents: Number(values.documents), strictTimes: true, ...(only && { only }) };
  say('\nThe gateway as it is in production\n');
  const results = await runSuite(gateway, { ...options, onRow: show });
  const held = results.filter(({ failures }) => failures.length === 0).length;
  for (const [id, reason] of Object.entries(skippedRows)) say(`${id}  left out: ${reason}`);
  say('');
  hold(`rows: ${held}/${results.length}`, held === results.length);
  const busiest = Math.max(...results.map(({ loop }) => loop.busyMs));
  const latest = Math.max(...results.map(({ loop }) => loop.lateMs));
  hold(
    `event loop: at most ${busiest.toFixed(0)} ms of work in one turn, ${latest.toFixed(0)} ms late`,
    busiest <= MOST_BUSY_MS,
  );
  if (!only) {
    const answers = Number(values.answers);
    for (const [what, env, share] of [
      ['with the cache', {}, 0.8],
      ['without it', { CACHE: 'off' }, 0.2],
    ] as const) {
      await using target = await fixture.startGateway({ ...env, LOG_LEVEL: 'info' });
      const startedAt = performance.now();
      const cross = await runCrossTenant(target, answers * share, seed);
      const seconds = (performance.now() - startedAt) / 1_000;
      for (const leak of cross.leaks) say(`       - ${leak}`);
      say(
        `        ${cross.canaries} canaries or more for each tenant, ${cross.withData} answers with data, ${JSON.stringify(cross.odd)} other than 200, ${seconds.toFixed(0)} s`,
      );
      hold(
        `tenants ${what}: ${cross.leakCount} leaks in ${cross.answers} answers, ${cross.aborted} left early`,
        cross.leakCount === 0 && cross.withData > 0 && Object.keys(cross.odd).length === 0,
      );
      hold(
        `keys ${what}: ${cross.mixedKeys} mixed, ${cross.unauthorized} refused by the upstream`,
        cross.mixedKeys + cross.unauthorized === 0,
      );
    }
    const fuzz = await runFuzz(gateway, Number(values.fuzz), seed);
    for (const bad of fuzz.bad) say(`       - ${bad}`);
    hold(
      `fuzz: ${fuzz.badCount} bad answers of ${fuzz.sent}, ${JSON.stringify(fuzz.statuses)}, slowest ${fuzz.slowestMs.toFixed(0)} ms, longest ${fuzz.longestBytes} bytes`,
      fuzz.badCount === 0 && fuzz.longestBytes <= MOST_BYTES,
    );
    const loop = await readEventLoop(gateway.process);
    hold(
      `event loop in the fuzz: ${loop.busyMs.toFixed(0)} ms of work, ${loop.lateMs.toFixed(0)} ms late`,
      loop.busyMs <= MOST_BUSY_MS,
    );
    {
      await using large = await startFixture(WORST_CASE_UNITS);
      await using crowded = await large.startGateway({ LOG_LEVEL: 'info' });
      const worst = await runWorstCase(crowded, CLIENTS, 3);
      hold(
        `${CLIENTS} clients with the largest accepted operations: ${worst.answered} answered, ${JSON.stringify(worst.refused)}, longest ${worst.longestBytes} bytes, at most ${worst.peakMiB} MiB and ${worst.busyMs.toFixed(0)} ms in one turn`,
        worst.answered > 0 && worst.peakMiB <= MOST_MIB && worst.busyMs <= MOST_BUSY_MS,
      );
    }
    fixture.secrets.look('stdout', gateway.process.stdout);
    fixture.secrets.look('stderr', gateway.process.stderr);
    hold(
      `secrets: ${fixture.secrets.found.length} of ${fixture.secrets.count} found in ${fixture.secrets.looked} texts`,
      fixture.secrets.found.length === 0,
    );
  }
}

if (!values['skip-baseline']) {
  say('\nThe control: the same schema on a server as it comes out of the box\n');
  await using fixture = await startFixture();
  await using baseline = await fixture.startBaseline();
  const results = await runSuite(baseline, { documents: 500, strictTimes: false, ...(only && { only }) });
  const failed = results.filter(({ failures }) => failures.length > 0);
  say(`fails ${failed.map(({ id }) => id).join(' ')}`);
  if (!only) {
    hold(
      `the control fails ${failed.length} of ${results.length} rows, at least ${BASELINE_FAILS_AT_LEAST}`,
      failed.length >= BASELINE_FAILS_AT_LEAST,
    );
    const cross = await runCrossTenant(baseline, BASELINE_ANSWERS, seed);
    hold(`the control leaks: ${cross.leakCount} of ${cross.answers} answers`, cross.leakCount > 0);
  }
}

say(
  failures.length === 0
    ? '\nAll held.'
    : `\n${failures.length} failed:\n${failures.map((what) => `  ${what}`).join('\n')}`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
