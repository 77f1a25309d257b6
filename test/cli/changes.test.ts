import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { binary, startCli, startProgram } from './cli-process.ts';
import { pointedAt, type Serving, startServing, untilObserved } from './serving.ts';
import { startTwoTenants, type TenantId } from './two-tenants.ts';

const folder = mkdtempSync(join(tmpdir(), 'changes-'));
let sandbox: Sandbox;
let gateway: Serving;
beforeAll(async () => {
  sandbox = await startSandbox({ units: 5, latencyMs: 0 });
  gateway = await startServing({
    ...pointedAt(sandbox),
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: '1000',
    DIRECTORY_LIST_SECONDS: '1',
    ORDERS_POLL_SECONDS: '1',
    DATA_DIR: folder,
  });
  await untilObserved(gateway.query);
}, 30_000);
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

async function changes(...flags: string[]) {
  await using cli = startCli(['changes', '--url', gateway.url, ...flags]);
  const { code } = await cli.exited;
  return {
    code,
    stderr: cli.stderr,
    lines: cli.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}
/** Renames a unit, and waits until the gateway has seen it. */
async function rename(msn: string, name: string): Promise<void> {
  sandbox.editUnit(msn, { name });
  const seen = async () => (await changes()).lines.some(({ fields }) => fields[0]?.after === name);
  while (!(await seen())) await sleep(100);
}

describe('the command changes', () => {
  it('prints what changed since its last run', { timeout: 60_000 }, async () => {
    const [msn = ''] = sandbox.data.msns;
    const cursor = join(folder, 'cursor');
    expect(await changes('--cursor-file', cursor)).toMatchObject({ code: 0, lines: [], stderr: '' });
    await rename(msn, 'First');
    const { lines } = await changes('--cursor-file', cursor);
    // An order that became the unit names it as well.
    expect(lines.every(({ msn: about }) => about === msn)).toBe(true);
    expect(lines.filter(({ kind }) => kind.startsWith('SALES_UNIT'))).toEqual([
      expect.objectContaining({
        kind: 'SALES_UNIT_CHANGED',
        fields: [expect.objectContaining({ after: 'First' })],
      }),
    ]);
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    expect(metrics).toContain('changes_total{kind="SALES_UNIT_CHANGED"} 1\n');
    expect(readFileSync(cursor, 'utf8').trim()).toBe(lines.at(-1).cursor);
    expect((await changes('--cursor-file', cursor)).lines).toEqual([]);
    expect((await changes('--after', lines.at(-1).cursor)).lines).toEqual([]);
  });

  it('follows until it is stopped', { timeout: 30_000 }, async () => {
    const [, msn = ''] = sandbox.data.msns;
    await using cli = startCli(['changes', '--url', gateway.url, '--follow']);
    await rename(msn, 'Second');
    await cli.until(({ stdout }) => stdout.includes('"after":"Second"') || undefined);
    cli.send('SIGTERM');
    expect(await cli.exited).toEqual({ code: 0, signal: null });
  });

  it('keeps no cursor of lines that nobody has read', { timeout: 30_000 }, async () => {
    const cursor = join(folder, 'unread');
    const command = '"$0" "$1" changes --url "$2" --cursor-file "$3" | true';
    const args = ['-c', command, process.execPath, binary, gateway.url, cursor];
    await using shell = startProgram('/bin/sh', args, {});
    await shell.exited;
    expect(shell.stderr).toBe('The output cannot be written: write EPIPE\n');
    expect(existsSync(cursor)).toBe(false);
  });

  it('goes on when the gateway has restarted', { timeout: 60_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'changes-'));
    const start = (port: string) =>
      startServing({
        ...pointedAt(sandbox),
        PORT: port,
        DIRECTORY: 'on',
        DIRECTORY_CALLS_PER_SECOND: '1000',
        DIRECTORY_LIST_SECONDS: '1',
        DATA_DIR: home,
      });
    const first = await start('0');
    await untilObserved(first.query);
    const [, , msn = ''] = sandbox.data.msns;
    await using cli = startCli(['changes', '--url', first.url, '--follow']);
    sandbox.editUnit(msn, { name: 'Before' });
    await cli.until(({ stdout }) => stdout.includes('"after":"Before"') || undefined);
    first.cli.send('SIGKILL');
    await first.cli.exited;
    sandbox.editUnit(msn, { name: 'After' });
    await using second = await start(new URL(first.url).port);
    await cli.until(({ stdout }) => stdout.includes('"after":"After"') || undefined);
    expect(cli.stdout.split('"after":"Before"')).toHaveLength(2);
    expect(cli.stderr).toContain('next attempt in');
    await second[Symbol.asyncDispose]();
    rmSync(home, { recursive: true });
  });

  it.each([
    ['a gateway that is not there', ['--url', 'http://127.0.0.1:9/graphql'], /cannot be reached/],
    ['a cursor that is none', ['--after', 'nonsense'], /after/],
    [
      'a cursor of a file that was lost',
      ['--after', Buffer.from('["changes","AAAAAAAA","1"]').toString('base64url')],
      /no longer kept.*--after/,
    ],
    ['flags that exclude each other', ['--after', 'x', '--cursor-file', 'y'], /cannot be combined/],
    ['an address that is none', ['--url', 'nowhere'], /--url: must be/],
  ])('says what is wrong with %s', async (_name, flags, message) => {
    const { code, stderr } = await changes(...flags);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe('the changes of two tenants', () => {
  it('are apart, and a cursor of one is none of the other', { timeout: 60_000 }, async () => {
    await using tenants = await startTwoTenants(sandbox);
    interface Feed {
      readonly changes: {
        readonly pageInfo: { readonly endCursor: string };
        readonly nodes: readonly { readonly msn: string | null }[];
      } | null;
    }
    const feed = (id: TenantId, args = '') =>
      tenants.query<Feed>(id, `{ changes${args} { pageInfo { endCursor } nodes { msn } } }`);
    const [own = ''] = sandbox.data.msns;
    const foreign = sandbox.data.hidden.msnOfOtherPartner;
    sandbox.editUnit(own, { name: 'Renamed by one' });
    sandbox.editUnit(foreign, { name: 'Renamed by two' });
    const msnsOf = async (id: TenantId) =>
      new Set((await feed(id)).data?.changes?.nodes.map(({ msn }) => msn));
    while ((await msnsOf('one')).size === 0 || (await msnsOf('two')).size === 0) await sleep(50);
    expect([...(await msnsOf('one'))]).toEqual([own]);
    expect([...(await msnsOf('two'))]).toEqual([foreign]);
    const cursor = (await feed('one')).data?.changes?.pageInfo.endCursor;
    expect((await feed('two', `(after: "${cursor}")`)).errors?.[0]?.extensions.code).toBe('CURSOR_EXPIRED');
  });
});
