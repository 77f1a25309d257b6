import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, startServing } from '../../test/cli/serving.ts';

// node bench/directory/fill.ts [UNITS] [CALLS_PER_SECOND]: fills a directory and searches it. Prints the memory of the
// gateway, how late its event loop was, and how long searches take over HTTP.
const [units = '100000', callsPerSecond = '1000'] = process.argv.slice(2);
const EVERY_MS = 10_000;
const SEARCHES = 280;
const words = [
  'sostjerne',
  'kafe',
  'kaffebar tromso',
  'fjord',
  'kafebar',
  'is:recurring kaffe',
  'name:bakeri',
  'merchant:kaffe oslo',
  'grunerlokka',
  'gardsbutik',
  'aalesund',
  'org:3130',
];

interface Status {
  readonly directory: { readonly isComplete: boolean; readonly incompleteReason: string | null };
}

const print = (text: string) => process.stdout.write(`${text}\n`);
const megabytes = (pid: number | undefined) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024);

const sandbox = await startSandbox({ units: Number(units), latencyMs: 0 });
const folder = mkdtempSync(join(tmpdir(), 'directory-'));
{
  await using serving = await startServing(pointedAt(sandbox));
  await serving.query('{ salesUnits(first: 1) { totalCount } }');
  await sleep(3_000);
  print(`without a directory, after the list was read: ${megabytes(serving.cli.pid)} MB`);
}
await using serving = await startServing({
  ...pointedAt(sandbox),
  DIRECTORY: 'on',
  DIRECTORY_CALLS_PER_SECOND: callsPerSecond,
  DATA_DIR: folder,
});
const startedAt = performance.now();
for (let isComplete = false; !isComplete; ) {
  await sleep(EVERY_MS);
  const { data } = await serving.query<Status>('{ directory { isComplete incompleteReason } }');
  const metrics = await (await fetch(`${serving.adminUrl}/metrics`)).text();
  const lag = (name: string) =>
    (
      1_000 * Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)`, 'm').exec(metrics)?.[1])
    ).toFixed(1);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  isComplete = data?.directory.isComplete ?? false;
  const state = isComplete ? 'complete' : data?.directory.incompleteReason;
  print(
    `${seconds} s: ${megabytes(serving.cli.pid)} MB, event loop p99 ${lag('p99')} ms, most ${lag('max')} ms; ${state}`,
  );
}
const times: number[] = [];
for (let search = 0; search < SEARCHES; search++) {
  const from = performance.now();
  const query = JSON.stringify(words[search % words.length]);
  const { errors } = await serving.query(
    `{ salesUnits(query: ${query}, first: 20) { totalCount nodes { msn name merchant { name } } } }`,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  times.push(performance.now() - from);
}
const sorted = times.toSorted((left, right) => left - right);
const percentile = (share: number) => (sorted[Math.floor(share * SEARCHES)] ?? 0).toFixed(1);
print(
  `searches over HTTP: p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms; ${megabytes(serving.cli.pid)} MB`,
);
for (const name of readdirSync(join(folder, 'directory')))
  print(`${name}: ${(statSync(join(folder, 'directory', name)).size / 1e6).toFixed(1)} MB`);
await serving[Symbol.asyncDispose]();
await sandbox.close();
rmSync(folder, { recursive: true });
