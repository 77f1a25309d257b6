import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, startServing } from '../../test/cli/serving.ts';
import { startFilling } from './start-filling.ts';

// node bench/directory/fill.ts [UNITS] [CALLS_PER_SECOND] [LATENCY_MS]: fills a directory and searches it. Prints the memory
// of the gateway, how late its event loop was, the busiest second and how long searches take over HTTP, also after a restart.
const [units = '100000', callsPerSecond = '1000', latencyMs = '0'] = process.argv.slice(2);
const EVERY_MS = 10_000;
const SEARCHES = 280;
const PAGE = 50;
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

/** When calls of the last seconds were answered, and the most of them in a second. */
const times: number[] = [];
let busiest = 0;
const noteCall = () => {
  const now = performance.now();
  times.push(now);
  while ((times[0] ?? now) < now - 1_000) times.shift();
  busiest = Math.max(busiest, times.length);
};
const sandbox = await startSandbox({
  units: Number(units),
  latencyMs: Number(latencyMs),
  onExchange: noteCall,
});
const folder = mkdtempSync(join(tmpdir(), 'directory-'));
{
  await using serving = await startServing(pointedAt(sandbox));
  await serving.query('{ salesUnits(first: 1) { totalCount } }');
  await sleep(3_000);
  print(`without a directory, after the list was read: ${megabytes(serving.cli.pid)} MB`);
}
{
  await using serving = await startServing({
    ...pointedAt(sandbox),
    CACHE: 'off',
    RATE_LIMIT_PER_MINUTE: '0',
  });
  let [most, end, asked] = [0, '', 0];
  const from = performance.now();
  // As many calls per second as the directory will make, by a caller.
  for (; performance.now() - from < 30_000; asked += PAGE) {
    const page: { data?: { salesUnits: { pageInfo: { endCursor: string } } } } = await serving.query(
      `{ salesUnits(first: ${PAGE}${end && `, after: "${end}"`}) {
          pageInfo { endCursor } nodes { configuration { captureType } } } }`,
    );
    end = page.data?.salesUnits.pageInfo.endCursor ?? '';
    most = Math.max(most, megabytes(serving.cli.pid));
    await sleep(Math.max(0, (asked / Number(callsPerSecond)) * 1_000 - (performance.now() - from)));
  }
  print(`without a directory, while a caller causes as many calls for 30 s: ${most} MB at most`);
}
busiest = 0;
sandbox.reset();
const start = () => startFilling(sandbox, folder, callsPerSecond);
let serving = await start();
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
print(`${busiest} calls in the busiest second, ${sandbox.stats().peak} at once at most`);
const took: number[] = [];
for (let search = 0; search < SEARCHES; search++) {
  const from = performance.now();
  const query = JSON.stringify(words[search % words.length]);
  const { errors } = await serving.query(
    `{ salesUnits(query: ${query}, first: 20) { totalCount nodes { msn name merchant { name } } } }`,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  took.push(performance.now() - from);
}
const sorted = took.toSorted((left, right) => left - right);
const percentile = (share: number) => (sorted[Math.floor(share * SEARCHES)] ?? 0).toFixed(1);
print(
  `searches over HTTP: p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms; ${megabytes(serving.cli.pid)} MB`,
);
for (const name of readdirSync(join(folder, 'directory')))
  print(`${name}: ${(statSync(join(folder, 'directory', name)).size / 1e6).toFixed(1)} MB`);
serving.cli.send('SIGTERM');
await serving.cli.exited;
serving = await start();
const restartedAt = performance.now();
const { errors } = await serving.query('{ salesUnits(query: "sostjerne", first: 20) { totalCount } }');
if (errors) throw new Error(JSON.stringify(errors));
print(`first search after a restart: ${(performance.now() - restartedAt).toFixed(0)} ms`);
await serving[Symbol.asyncDispose]();
await sandbox.close();
rmSync(folder, { recursive: true });
