import { Pool } from 'undici';
import { measureList, readLength } from './scale/list-times.ts';
import { pinClient, startPinned } from './scale/pinned.ts';
import { measureLoad } from './scale/unit-load.ts';
import { table } from './table.ts';

/** What the sandbox promises at its greatest size. */
const goals = { startMs: 5_000, listRatio: 1.5, memoryMb: 400, perSecond: 5_000 };
const UNITS = 100_000;
const LIST = '/management/v1/sales-units';

const print = (text: string) => process.stdout.write(`${text}\n`);
const percent = (share: number) => `${Math.round(share * 100)} %`;
const count = (value: number) => Math.round(value).toLocaleString('en');

pinClient();
print(`The sandbox with ${count(UNITS)} sales units and no latency, as users start it, on one core (taskset); the client is on
another. Start: from the process to the first line, which it prints when it listens. List: all units in one answer, held
against a bare node:http server that writes as many ready bytes, in turns. Units: details of another unit each time.\n`);

const sandbox = await startPinned('bin/management-graphql.js', ['sandbox'], {
  SANDBOX_UNITS: String(UNITS),
  SANDBOX_LATENCY_MS: '0',
  SANDBOX_PORT: '0',
});
const headers = await signIn();
const pool = new Pool(sandbox.url, { connections: 1 });
const atStart = sandbox.memory();
const firstAt = performance.now();
const size = await readLength(pool, LIST, headers);
const firstListMs = performance.now() - firstAt;

const bare = await startPinned('bench/processes/ready-buffer.ts', [String(size)]);
const times = await measureList({ url: sandbox.url, path: LIST, headers }, bare.url);
await bare.stop();

const { body } = await pool.request({ method: 'GET', path: LIST, headers });
const msns = ((await body.json()) as { msn: string }[]).map(({ msn }) => msn);
await pool.close();
const before = { cpu: sandbox.cpuMs(), at: performance.now() };
const load = await measureLoad(sandbox.url, headers, msns);
const busy = (sandbox.cpuMs() - before.cpu) / (performance.now() - before.at);
const memory = sandbox.memory();
await sandbox.stop();

const missed: string[] = [];
const row = (name: string, value: number, shown: string, goal: number, isLeast = false): string[] => {
  // NaN meets no goal.
  const isMet = isLeast ? value >= goal : value <= goal;
  if (!isMet) missed.push(`${name}: ${shown}`);
  return [name, shown, `${isLeast ? '>=' : '<='} ${goal.toLocaleString('en')}`];
};
const ratio = times.list / times.buffer;
print(
  table(
    ['', 'measured', 'goal'],
    [
      row('units in the list', msns.length, count(msns.length), UNITS, true),
      row('start, ms', sandbox.startedInMs, count(sandbox.startedInMs), goals.startMs),
      row(
        `list of ${(size / 1e6).toFixed(1)} MB, times the bare server`,
        ratio,
        ratio.toFixed(2),
        goals.listRatio,
      ),
      row('units, requests/s on one core', load.perSecond, count(load.perSecond), goals.perSecond, true),
      row('memory at the end, MB', memory.now, count(memory.now), goals.memoryMb),
      row('memory at most, MB', memory.peak, count(memory.peak), goals.memoryMb),
    ],
  ),
);
print(`list: first ${firstListMs.toFixed(0)} ms, then ${times.list.toFixed(1)} ms; bare server: ${times.buffer.toFixed(1)} ms
memory before the first list: ${count(atStart.now)} MB
under load: sandbox ${percent(busy)} busy, client (32 bare sockets) ${percent(load.clientBusy)}. Less than 100 % for both: something else ran too\n`);

for (const line of missed) print(`MISSED  ${line}`);
if (missed.length > 0) process.exitCode = 1;

async function signIn(): Promise<Record<string, string>> {
  const key = (name: string) =>
    new RegExp(`^export ${name}='([^']+)'$`, 'm').exec(sandbox.printed)?.[1] ?? '';
  const subscription = { 'ocp-apim-subscription-key': key('VIPPS_SUBSCRIPTION_KEY') };
  const answer = await fetch(`${sandbox.url}/accesstoken/get`, {
    method: 'POST',
    headers: {
      ...subscription,
      client_id: key('VIPPS_CLIENT_ID'),
      client_secret: key('VIPPS_CLIENT_SECRET'),
    },
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return { ...subscription, authorization: `Bearer ${token}` };
}
