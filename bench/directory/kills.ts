import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startFilling } from './start-filling.ts';

// node bench/directory/kills.ts [UNITS] [CALLS_PER_SECOND] [KILLS]: kills the gateway with SIGKILL at random moments while it
// fills a directory, and prints how many calls were made for records that were stored already, and what is missing at the end.
const [units = '100000', callsPerSecond = '1000', kills = '20'] = process.argv.slice(2);
const print = (text: string) => process.stdout.write(`${text}\n`);
const UNIT_PATH = '/management/v1/sales-units/';

const read: string[] = [];
const sandbox = await startSandbox({
  units: Number(units),
  latencyMs: 0,
  onExchange: ({ path, status }) => {
    if (path.startsWith(UNIT_PATH) && status === 200) read.push(path.slice(UNIT_PATH.length));
  },
});
const folder = mkdtempSync(join(tmpdir(), 'directory-'));
const start = () => startFilling(sandbox, folder, callsPerSecond);

/** Numbers of the units whose details are stored. */
function stored(): Set<string> {
  const [name = ''] = readdirSync(join(folder, 'directory')).filter((file) => file.endsWith('.sqlite'));
  const db = new DatabaseSync(join(folder, 'directory', name));
  try {
    const { ok } = db.prepare('SELECT integrity_check AS ok FROM pragma_integrity_check').get() as {
      ok: string;
    };
    if (ok !== 'ok') throw new Error(`the file is damaged: ${ok}`);
    return new Set(
      db
        .prepare('SELECT msn FROM units WHERE read_at IS NOT NULL')
        .all()
        .map(({ msn }) => String(msn)),
    );
  } finally {
    db.close();
  }
}

let known = new Set<string>();
let repeated = 0;
let lost = 0;
for (let kill = 0; kill < Number(kills); kill++) {
  read.length = 0;
  const serving = await start();
  await sleep(500 + 6_000 * Math.random());
  serving.cli.send('SIGKILL');
  await serving.cli.exited;
  const again = read.filter((msn) => known.has(msn)).length;
  repeated += again;
  const now = stored();
  for (const msn of known) if (!now.has(msn)) lost++;
  print(
    `kill ${kill + 1}: ${now.size} stored, ${read.length} read, ${read.filter((msn) => !now.has(msn)).length} not stored yet, ${again} read again`,
  );
  known = now;
}
read.length = 0;
await using serving = await start();
interface Status {
  readonly directory: {
    readonly isComplete: boolean;
    readonly salesUnitCount: number;
    readonly knownMerchantCount: number;
  };
}
for (;;) {
  const { data } = await serving.query<Status>(
    '{ directory { isComplete salesUnitCount knownMerchantCount } }',
  );
  if (data?.directory.isComplete) {
    print(`complete: ${data.directory.salesUnitCount} units, ${data.directory.knownMerchantCount} merchants`);
    break;
  }
  await sleep(1_000);
}
repeated += read.filter((msn) => known.has(msn)).length;
const total = Object.entries(sandbox.stats().calls)
  .filter(([route]) => !route.includes('accesstoken'))
  .map(([route, calls]) => `${calls} ${route}`);
print(total.join('\n'));
print(`${repeated} calls for units that were stored; ${lost} stored units were lost`);
await serving[Symbol.asyncDispose]();
await sandbox.close();
rmSync(folder, { recursive: true });
process.exitCode = repeated + lost > 0 ? 1 : 0;
