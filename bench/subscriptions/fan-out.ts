import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, startServing, untilObserved } from '../../test/cli/serving.ts';

// node bench/subscriptions/fan-out.ts [SSE] [WEB_SOCKETS] [PER_SECOND] [SECONDS]: how long a change takes from its commit
// to many subscriptions, while one more client never reads.
const [sse = '1000', webSockets = '0', perSecond = '50', seconds = '20'] = process.argv.slice(2);
const print = (text: string) => process.stdout.write(`${text}\n`);

const folder = mkdtempSync(join(tmpdir(), 'fan-out-'));
const commits = join(folder, 'commits');
const sandbox = await startSandbox({ units: 1_000, latencyMs: 1 });
const gateway = await startServing({
  ...pointedAt(sandbox),
  DIRECTORY: 'on',
  DIRECTORY_CALLS_PER_SECOND: '1000',
  RATE_LIMIT_PER_MINUTE: '0',
  LOG_LEVEL: 'info',
  COMMITS_FILE: commits,
  NODE_OPTIONS: `--import ${join(process.cwd(), 'bench/processes/note-commits.ts')}`,
});
await untilObserved(gateway.query);

const metrics = async () => {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    rss: Math.round(value('process_resident_memory_bytes') / 1e6),
    cpu: value('process_cpu_seconds_total'),
    loopP99: Math.round(value('nodejs_eventloop_lag_p99_seconds') * 1e3),
    loopMax: Math.round(value('nodejs_eventloop_lag_max_seconds') * 1e3),
    open: value('subscriptions_open'),
  };
};
const idle = await metrics();
const followers = spawn(
  process.execPath,
  ['bench/processes/followers.ts', gateway.url, sse, webSockets, 'stuck'],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
let output = '';
followers.stdout.on('data', (chunk) => {
  output += chunk;
});
while (!output.includes('ready')) await sleep(20);
await sleep(500);
const opened = await metrics();
print(`${opened.open} open: ${opened.rss} MB (before ${idle.rss} MB), loop p99 ${opened.loopP99} ms`);

// One unit after the other is changed, and read past the cache: each is a transaction of its own.
let number = 0;
async function change(): Promise<void> {
  const msn = sandbox.data.msns[number++ % 1_000] ?? '';
  sandbox.editUnit(msn, { name: `Unit ${number}` });
  await gateway.ask(`{ salesUnit(msn: "${msn}") { name configuration { captureType } } }`, {
    headers: { 'cache-control': 'no-cache' },
  });
}
async function run(time: number): Promise<void> {
  const startedAt = performance.now();
  const asked: Promise<void>[] = [];
  for (let done = 0; done < time * Number(perSecond); done++) {
    asked.push(change());
    await sleep(Math.max(0, (done / Number(perSecond)) * 1_000 - (performance.now() - startedAt)));
  }
  await Promise.all(asked);
}
await run(2);
followers.stdin.write('again\n');
const before = await metrics();
const startedAt = performance.now();
await run(Number(seconds));
const took = (performance.now() - startedAt) / 1_000;
await sleep(1_000);
const after = await metrics();
followers.stdin.end();
await once(followers, 'exit');
const { ended, neverRead, arrivals } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as {
  ended: number;
  neverRead?: string;
  arrivals: [string, number[]][];
};
const storedAt = new Map(
  readFileSync(commits, 'utf8')
    .split('\n')
    .map((line) => line.split(' ').map(Number) as [number, number]),
);
const delays = arrivals
  .flatMap(([cursor, times]) => {
    const [, , sequence] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return times.map((time) => time - (storedAt.get(Number(sequence)) ?? Number.NaN));
  })
  .sort((a, b) => a - b);
const at = (part: number) => delays[Math.floor(part * (delays.length - 1))];
print(
  `${arrivals.length} changes, ${delays.length} events: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms; ${ended} ended, one that never reads: ${neverRead}`,
);
print(
  `${after.rss} MB, ${(((after.cpu - before.cpu) / took) * 100).toFixed(0)} % of a core, loop p99 ${after.loopP99} ms, longest ${after.loopMax} ms, ${after.open} open at the end`,
);
for (const line of gateway.cli.logs.filter(({ msg }) => msg === 'subscription ended').slice(0, 3))
  print(JSON.stringify(line));
gateway.cli.send('SIGTERM');
await gateway.cli.exited;
await sandbox.close();
rmSync(folder, { recursive: true });
process.exit();
