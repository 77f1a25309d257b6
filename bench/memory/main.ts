import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startGateway, type Upstream } from './gateway.ts';
import { installPackage } from './install.ts';
import { lookUp } from './load.ts';

// The package as npm installs it: how fast it starts, and what it takes when idle and after a million look-ups.
// Prints a table and exits with 1 when a goal is missed. Linux only. `--requests N` sends fewer.

const STARTS = 9;
const IDLE_MS = 3_000;
const GOAL = { startMs: 500, idleMiB: 110, loadedMiB: 180, growth: 0.05 };

const at = process.argv.indexOf('--requests');
const requests = at < 0 ? 1_000_000 : Number(process.argv[at + 1]);
const early = requests / 10;

const folder = mkdtempSync(join(tmpdir(), 'bench-memory-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const binary = installPackage(folder);
const sandbox = fork(fileURLToPath(new URL('./sandbox.ts', import.meta.url)), { env: {} });
const [upstream] = (await once(sandbox, 'message')) as [Upstream];

const starts: number[] = [];
const idle: number[] = [];
for (let run = 0; run < STARTS; run++) {
  const startedAt = performance.now();
  const gateway = await startGateway(binary, folder, upstream, false);
  await lookUp(gateway.origin, upstream.msns, 1);
  starts.push(performance.now() - startedAt);
  await sleep(IDLE_MS);
  idle.push(gateway.residentMiB());
  await gateway.stop();
}

// One that nobody looks into, since a collection on demand would make it smaller than it is.
const untouched = await startGateway(binary, folder, upstream, false);
await lookUp(untouched.origin, upstream.msns, requests);
const loadedMiB = untouched.residentMiB();
await untouched.stop();

const probed = await startGateway(binary, folder, upstream, true);
await lookUp(probed.origin, upstream.msns, early);
const before = await probed.heap();
await lookUp(probed.origin, upstream.msns, requests - early);
const after = await probed.heap();
await probed.stop();
sandbox.disconnect();

const growth = after.usedMiB / before.usedMiB - 1;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const rows = [
  {
    what: `start to the first answer, median of ${STARTS}`,
    is: median(starts),
    goal: GOAL.startMs,
    unit: 'ms',
  },
  { what: 'resident, idle', is: median(idle), goal: GOAL.idleMiB, unit: 'MiB' },
  { what: `resident, after ${requests} look-ups`, is: loadedMiB, goal: GOAL.loadedMiB, unit: 'MiB' },
  { what: `heap in use, from ${early} to ${requests}`, is: 100 * growth, goal: 100 * GOAL.growth, unit: '%' },
  { what: 'copies of undici loaded by Node itself', is: Number(after.hasNodesUndici), goal: 0, unit: '' },
];
for (const { what, is, goal, unit } of rows)
  process.stdout.write(
    `${what.padEnd(48)}${is.toFixed(1).padStart(9)} ${unit.padEnd(4)} at most ${goal}${is > goal ? '   MISSED' : ''}\n`,
  );
process.stdout.write(`heap in use: ${before.usedMiB.toFixed(1)} MiB, then ${after.usedMiB.toFixed(1)} MiB\n`);
process.exitCode = rows.some(({ is, goal }) => is > goal) ? 1 : 0;
