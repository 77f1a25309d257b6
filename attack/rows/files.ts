import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CliProcess } from '../../test/cli/cli-process.ts';
import { badFiles, clear } from '../../test/support/bad-files.ts';
import { type Keyring, writeTenantsFile } from '../keys.ts';
import { graphqlRequest, type Row, type TestContext } from '../test-context.ts';

// A65: the files that a gateway reads and writes, while somebody tampers with them.

const NOTICED_MS = 5_000;
const SWAPPING_MS = 2_000;
const COMPLAINT = 'TENANTS_FILE has mistakes';
/** All kinds are tried in test/config/files/read-small-file.test.ts. */
const TRIED = /^(no file|a pipe|a link (to itself|to a device|into .proc|of another user)|a file .*)$/;
/** Generous for a busy machine: a start that retries for ever never ends. test/store/sqlite-file.test.ts checks the time. */
const LONGEST_START_MS = 20_000;
const QUERY = '{ viewer { tenant } }';
const PREFILL = `mutation { prefillProductOrder(input: { productType: LOGIN,
  businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" } }) { prefillUrl } }`;

export const fileRows: readonly Row[] = [
  { id: 'A65', what: 'tenants file, secret file and outcome store tampered with', run: files },
];

async function files(context: TestContext): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'attack-files-'));
  try {
    await unusableStores(context, folder);
    await changedFiles(context, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unusableStores({ target, check }: TestContext, folder: string): Promise<void> {
  const precious = join(folder, 'precious');
  const link = join(folder, 'link.sqlite');
  symlinkSync(precious, link);
  const tryPath = async (path: string) => {
    await using process = target.launch({ OUTCOMES_FILE: path });
    const end = await Promise.race([process.exited, sleep(LONGEST_START_MS)]);
    const { stderr } = process;
    check(`OUTCOMES_FILE=${path}: ends the start with 1`, end?.code === 1, end?.code ?? 'still runs');
    check(`OUTCOMES_FILE=${path}: names the variable`, stderr.includes('OUTCOMES_FILE'), stderr);
  };
  // One after another: five processes that start at once take five times as long each.
  for (const path of ['/proc/x/outcomes.sqlite', '/dev/null/x', '/sys/x/y', '/', link]) await tryPath(path);
  check('no link is followed', !existsSync(precious));
}

async function changedFiles({ target, check }: TestContext, folder: string): Promise<void> {
  const { sandbox, keyring, secrets, upstream } = target.fixture;
  const tenants = join(folder, 'tenants.json');
  const store = join(folder, 'outcomes.sqlite');
  writeTenantsFile(tenants, sandbox, keyring);
  await using process = target.launch({ TENANTS_FILE: tenants, OUTCOMES_FILE: store });
  const listening = await process.until(({ logs }) => logs.find(({ msg }) => msg === 'listening'));
  const ask = (query: string, key: keyof Keyring) => {
    const { headers, body } = graphqlRequest(target, query, undefined, key);
    return fetch(`http://127.0.0.1:${listening['port']}${target.endpoint.path}`, {
      method: 'POST',
      headers,
      body,
    } as RequestInit)
      .then(async (answer) => ({ status: answer.status, text: await answer.text() }))
      .catch((error: Error) => ({ status: 0, text: error.message }));
  };

  /** Whether the log has the text soon; false once the process has ended. */
  const says = (text: string, times: number) =>
    Promise.race([
      process.until(() => (count(process, text) >= times ? true : undefined)).catch(() => false),
      sleep(NOTICED_MS, false),
    ]);
  // The first read is not logged.
  await sleep(1_000);
  // A forged file, which revokes a key.
  writeTenantsFile(join(folder, 'forged'), sandbox, keyring, ['reading']);
  const forged = readFileSync(join(folder, 'forged'), 'utf8');
  const kinds = Object.entries(badFiles).filter(([what]) => TRIED.test(what));
  for (const [index, [what, { make }]] of kinds.entries()) {
    clear(tenants);
    make(tenants, forged);
    check(`the tenants file is ${what}: the log says so`, await says(COMPLAINT, index + 1));
    const { status, text } = await ask(QUERY, 'reading');
    check(`the tenants file is ${what}: the last good one applies`, status === 200, `${status} ${text}`);
    clear(tenants);
    writeTenantsFile(tenants, sandbox, keyring);
    check(
      `the tenants file was ${what}: the good one is read`,
      await says('TENANTS_FILE was read again', index + 1),
    );
  }
  check(
    'the log reports each problem once',
    count(process, COMPLAINT) === kinds.length,
    count(process, COMPLAINT),
  );
  // Swapped continuously, also between the check and the read.
  const until = performance.now() + SWAPPING_MS;
  while (performance.now() < until) {
    badFiles['a file that others can write']?.make(`${tenants}.bad`, forged);
    renameSync(`${tenants}.bad`, tenants);
    writeTenantsFile(tenants, sandbox, keyring);
    await sleep(1);
  }
  check('the tenants file is swapped: the good one applies', (await ask(QUERY, 'reading')).status === 200);
  writeTenantsFile(tenants, sandbox, keyring, ['reading']);
  const revokedAt = performance.now();
  let status = 0;
  do {
    await sleep(50);
    ({ status } = await ask(QUERY, 'reading'));
  } while (status !== 401 && performance.now() - revokedAt < NOTICED_MS);
  check('a revocation still applies', status === 401, status);

  rmSync(store, { force: true });
  const before = upstream.calls;
  const { text } = await ask(PREFILL, 'partner');
  check('without its store, an order is refused', text.includes('OVERLOADED'), text);
  check('without its store, nothing is sent', upstream.calls === before, upstream.calls - before);
  const read = await ask('{ salesUnits(first: 1) { nodes { msn } } }', 'partner');
  check('without its store, reads continue', read.status === 200 && read.text.includes('msn'), read.text);
  secrets.look('stdout of A65', process.stdout);
  secrets.look('stderr of A65', process.stderr);
}

const count = ({ logs }: CliProcess, text: string) =>
  logs.filter(({ msg }) => String(msg).startsWith(text)).length;
