import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { Answer } from '../support/gateway.ts';
import { pointedAt, type Serving, startServing } from './serving.ts';

const home = mkdtempSync(join(tmpdir(), 'directory-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(home, String(folders++));

const UNIT = 'GET /management/v1/sales-units/{msn}';
const MERCHANT = 'GET /management/v1/merchants/{scheme}/{id}';

const start = (sandbox: Sandbox, dataFolder: string, env: Record<string, string> = {}) =>
  startServing({
    ...pointedAt(sandbox),
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: '1000',
    DATA_DIR: dataFolder,
    ...env,
  });

interface Status {
  readonly directory: {
    readonly isComplete: boolean;
    readonly knownSalesUnitCount: number;
    readonly state: string;
  };
}
const STATUS = '{ directory { state isComplete knownSalesUnitCount } }';
async function whenComplete({ query }: Serving): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if ((await query<Status>(STATUS)).data?.directory.isComplete) return;
    await sleep(50);
  }
  throw new Error('the directory was never complete');
}
const callsTo = (sandbox: Sandbox, route: string) => sandbox.stats().calls[route] ?? 0;

describe('a killed process', () => {
  it('continues where it was: no stored row is read again, and none is lost', {
    timeout: 60_000,
  }, async () => {
    await using sandbox = await startSandbox({ units: 400, latencyMs: 5 });
    const folder = newFolder();
    const kills = 5;
    for (let kill = 0; kill < kills; kill++) {
      const serving = await start(sandbox, folder, { DIRECTORY_CALLS_PER_SECOND: '200' });
      await sleep(250 + 50 * kill);
      serving.cli.send('SIGKILL');
      await serving.cli.exited;
    }
    await using serving = await start(sandbox, folder);
    await whenComplete(serving);
    const merchants = new Set(
      sandbox.data.msns.map((msn) => sandbox.data.merchantOf(msn).businessIdentifier.id),
    ).size;
    const calls = callsTo(sandbox, UNIT) + callsTo(sandbox, MERCHANT);
    // Under way when it was killed, and what had arrived in the last 50 ms.
    const lost = kills * (16 + 200 * 0.1);
    expect(calls).toBeGreaterThanOrEqual(400 + merchants);
    expect(calls).toBeLessThanOrEqual(400 + merchants + lost);
    const { data } = await serving.query<{ salesUnits: { totalCount: number } }>(
      '{ salesUnits(query: "") { totalCount } }',
    );
    expect(data?.salesUnits.totalCount).toBe(400);
  });
});

describe('a stop', () => {
  it('does not wait for calls in the background', async () => {
    await using sandbox = await startSandbox({ units: 3, latencyMs: 4_000 });
    await using serving = await start(sandbox, newFolder());
    while (callsTo(sandbox, 'GET /management/v1/sales-units') === 0) await sleep(20);
    const startedAt = performance.now();
    serving.cli.send('SIGTERM');
    expect(await serving.cli.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(2_500);
  });
});

describe('while the upstream is down', () => {
  it('a restarted gateway answers everything for max-stale, with its age, and nothing without', async () => {
    await using sandbox = await startSandbox({ units: 30, latencyMs: 1 });
    const folder = newFolder();
    const everything = `{
      salesUnits { totalCount nodes { name configuration { captureType } merchant { name salesUnits { totalCount } } } }
      productOrders { totalCount nodes { status } } pricePackages { name }
      found: salesUnits(query: "a") { totalCount } merchants { totalCount nodes { name } } }`;
    let before: Answer<object>;
    {
      await using serving = await start(sandbox, folder);
      await whenComplete(serving);
      before = await serving.query(everything);
      expect(before.errors).toBeUndefined();
      // What it has just read is stored when it stops.
      serving.cli.send('SIGTERM');
      await serving.cli.exited;
    }
    sandbox.fault({ status: 503 });
    await using serving = await start(sandbox, folder, { CACHE_MAX_STALE_SECONDS: '0' });
    const stale = await serving.ask(everything, {
      headers: { 'cache-control': 'max-stale', 'x-upstream-report': '1' },
    });
    const answer = (await stale.json()) as Answer<object> & { extensions: { upstream: { oldest: string } } };
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual(before.data);
    expect(Date.parse(answer.extensions.upstream.oldest)).toBeLessThan(Date.now());
    const fresh = await serving.ask('{ salesUnits(first: 1) { totalCount } }', {
      headers: { 'cache-control': 'no-cache' },
    });
    const { errors } = (await fresh.json()) as Answer;
    expect(errors?.[0]?.extensions.code).toMatch(/UPSTREAM_UNAVAILABLE|CIRCUIT_OPEN/);
    // A search needs no call, and says how complete it is.
    expect((await serving.query('{ salesUnits(query: "a") { totalCount } }')).errors).toBeUndefined();
  });
});

describe('the files', () => {
  it('belong to one tenant each, share nothing, and are deleted with their tenant', {
    timeout: 30_000,
  }, async () => {
    await using sandbox = await startSandbox({ units: 30, latencyMs: 1 });
    const folder = newFolder();
    const file = join(home, 'tenants.json');
    const { partner, otherPartner } = sandbox.callers;
    const tenant = (id: string, { clientId, clientSecret, subscriptionKey }: typeof partner) => ({
      id,
      upstream: { clientId, clientSecret, subscriptionKey },
      keys: [{ sha256: createHash('sha256').update(`mg_key_of_${id}`).digest('hex'), scopes: ['read'] }],
    });
    const write = (...tenants: object[]) => {
      writeFileSync(`${file}.new`, JSON.stringify({ tenants }), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    };
    write(tenant('one', partner), tenant('two', otherPartner));
    await using serving = await startServing({
      MANAGEMENT_API_URL: sandbox.url,
      TENANTS_FILE: file,
      AUTH: 'api-key',
      DIRECTORY: 'on',
      DIRECTORY_CALLS_PER_SECOND: '1000',
      DATA_DIR: folder,
    });
    const namesOf = async (id: string) => {
      const query =
        '{ directory { isComplete } salesUnits(query: "", first: 100) { nodes { msn name merchant { name } } } }';
      const response = await serving.ask(query, { headers: { authorization: `Bearer mg_key_of_${id}` } });
      const { data } = (await response.json()) as Answer<
        Status & { salesUnits: { nodes: { msn: string; name: string; merchant: { name: string } }[] } }
      >;
      return data?.directory.isComplete ? data.salesUnits.nodes : undefined;
    };
    const known = async (id: string) => {
      for (;;) {
        const nodes = await namesOf(id);
        if (nodes) return nodes;
        await sleep(50);
      }
    };
    const [one, two] = [await known('one'), await known('two')];
    expect(one.length).toBeGreaterThan(10);
    expect(two.length).toBeGreaterThan(0);
    const msnsOfOne = new Set(one.map(({ msn }) => msn));
    expect(two.some(({ msn }) => msnsOfOne.has(msn))).toBe(false);

    const databases = () => readdirSync(join(folder, 'directory')).filter((name) => name.endsWith('.sqlite'));
    expect(databases()).toHaveLength(2);
    for (const name of readdirSync(join(folder, 'directory'))) {
      const path = join(folder, 'directory', name);
      expect(statSync(path).mode & 0o077).toBe(0);
      const text = readFileSync(path, 'latin1');
      for (const { clientSecret, subscriptionKey } of [partner, otherPartner]) {
        expect(text).not.toContain(clientSecret);
        expect(text).not.toContain(subscriptionKey);
      }
      // No file has the numbers of both.
      const hasOne = one.some(({ msn }) => text.includes(msn));
      const hasTwo = two.some(({ msn }) => text.includes(msn));
      expect(hasOne && hasTwo).toBe(false);
    }

    write(tenant('two', otherPartner));
    while (databases().length > 1) await sleep(50);
    expect(await namesOf('two')).toHaveLength(two.length);
  });

  it('of tenants that left while the gateway was stopped are deleted at the next start', async () => {
    await using sandbox = await startSandbox({ units: 3, latencyMs: 1 });
    const folder = newFolder();
    {
      await using first = await start(sandbox, folder);
      await whenComplete(first);
    }
    const foreign = join(folder, 'directory', `${'0'.repeat(32)}.sqlite`);
    const unrelated = join(folder, 'directory', 'notes.txt');
    writeFileSync(foreign, '');
    writeFileSync(unrelated, '');
    await using _second = await start(sandbox, folder);
    expect(existsSync(foreign)).toBe(false);
    expect(existsSync(unrelated)).toBe(true);
  });

  it('are in memory where no folder can be made, which is said', async () => {
    await using sandbox = await startSandbox({ units: 3, latencyMs: 1 });
    const blocked = newFolder();
    writeFileSync(blocked, 'a file');
    await using serving = await start(sandbox, join(blocked, 'below'));
    await whenComplete(serving);
    await serving.cli.until(({ logs }) =>
      logs.find(({ msg }) => /^the directory is kept in memory only/.test(String(msg))),
    );
  });

  it('are used by one process at a time: another says so, answers everything else, and takes over', {
    timeout: 30_000,
  }, async () => {
    await using sandbox = await startSandbox({ units: 3, latencyMs: 1 });
    const folder = newFolder();
    await using first = await start(sandbox, folder);
    await whenComplete(first);
    await using second = await start(sandbox, folder);
    const { errors } = await second.query('{ merchants { totalCount } }');
    expect(errors?.[0]?.extensions.code).toBe('DIRECTORY_UNAVAILABLE');
    expect((await second.query('{ salesUnits { totalCount } }')).errors).toBeUndefined();
    await second.cli.until(({ logs }) =>
      logs.find(
        ({ msg, reason }) => msg === 'the directory could not be updated' && /locked/.test(String(reason)),
      ),
    );
    first.cli.send('SIGTERM');
    await first.cli.exited;
    await whenComplete(second);
  });

  it('that are damaged while the process runs are set aside and filled again', {
    timeout: 30_000,
  }, async () => {
    await using sandbox = await startSandbox({ units: 40, latencyMs: 1 });
    const folder = newFolder();
    {
      await using first = await start(sandbox, folder);
      await whenComplete(first);
      // Moves what is in the log of SQLite to the file.
      first.cli.send('SIGTERM');
      await first.cli.exited;
    }
    const [name = ''] = readdirSync(join(folder, 'directory')).filter((file) => file.endsWith('.sqlite'));
    const path = join(folder, 'directory', name);
    const bytes = readFileSync(path);
    // The first pages are good, so that it opens.
    bytes.fill(0xff, Math.min(bytes.length / 2, 20 * 4_096));
    writeFileSync(path, bytes);
    await using second = await start(sandbox, folder);
    await second.query(
      '{ salesUnits(query: "a", first: 100) { nodes { configuration { captureType } merchant { name } } } merchants { totalCount } }',
    );
    await whenComplete(second);
    await second.cli.until(({ logs }) =>
      logs.find(({ msg }) => /^the directory was damaged/.test(String(msg))),
    );
    expect(existsSync(`${path}.damaged`)).toBe(true);
    const { data } = await second.query<{ salesUnits: { totalCount: number } }>(
      '{ salesUnits(query: "") { totalCount } }',
    );
    expect(data?.salesUnits.totalCount).toBe(40);
  });
});
