import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../src/sandbox/server.ts';
import { startProgram } from '../test/cli/cli-process.ts';
import { pointedAt, startServing } from '../test/cli/serving.ts';
import { closedLoad } from './load.ts';
import { ask } from './world.ts';

// npm run soak [REQUESTS]: sends operations of which no two are alike, and compares the heap after a garbage collection at a
// tenth with that at the end. A leak of a hundred bytes per request would show.
const total = Number(process.argv[2] ?? 100_000);
const MOST_GROWTH = 1.1;
const WIDTH = 32;
const print = (text: string) => appendFileSync(1, `${text}\n`);
/** Collects on a signal, so that no request of the test does. */
const COLLECT = 'data:text/javascript,process.on("SIGUSR2",()=>globalThis.gc())';
const binary = fileURLToPath(new URL('../bin/management-graphql.js', import.meta.url));

await using sandbox = await startSandbox({ units: 200, latencyMs: 0 });
await using gateway = await startServing(
  { ...pointedAt(sandbox), LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '0' },
  (env) =>
    startProgram(process.execPath, ['--expose-gc', '--import', COLLECT, binary, 'serve'], {
      ...env,
      LOG_LEVEL: 'info',
    }),
);
await gateway.readiness(200);
const { msns } = sandbox.data;

async function heapBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    gateway.cli.send('SIGUSR2');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  return Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(text)?.[1]);
}

const send = async (first: number, count: number) => {
  const { okShare } = await closedLoad(count, WIDTH, (index) => {
    const number = first + index;
    const msn = msns[number % msns.length];
    // Names, aliases and ids that were never sent before; one in ten fails, one in a hundred is not even valid.
    const query =
      number % 100 === 0
        ? `query Wrong${number} { nope${number} }`
        : `query Soak${number} { a${number}: salesUnit(msn: "${number % 10 === 0 ? 1_000 + (number % 9_000) : msn}") { name configuration { captureType } } }`;
    return ask(gateway.url, query, { 'user-agent': `soak/${number}` });
  });
  return okShare;
};

const tenth = Math.round(total / 10);
await send(0, tenth);
const atTenth = await heapBytes();
const startedAt = performance.now();
const okShare = await send(tenth, total - tenth);
const perSecond = (total - tenth) / ((performance.now() - startedAt) / 1_000);
const atEnd = await heapBytes();
const growth = atEnd / atTenth;
print(
  `${total} requests, ${Math.round(perSecond)}/s, ${(100 * okShare).toFixed(1)} % ok; heap after GC: ${(atTenth / 1e6).toFixed(1)} MB at a tenth, ${(atEnd / 1e6).toFixed(1)} MB at the end, × ${growth.toFixed(3)} (at most ${MOST_GROWTH})`,
);
process.exitCode = growth <= MOST_GROWTH ? 0 : 1;
