import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { type Serving, startServing } from '../../cli/serving.ts';

let sandbox: Sandbox;
let serving: Serving;
let folder: string;
let file: string;

const KEPT = 'mg_kept';
const OTHER = 'mg_other';
const PAGE = '{ salesUnits(first: 3) { nodes { configuration { captureType } } } }';

const entry = (key: string) => ({
  sha256: createHash('sha256').update(key).digest('hex'),
  scopes: ['read'],
});
const tenant = (keys: readonly string[], limits: object = {}) => {
  const { clientId, clientSecret, subscriptionKey } = sandbox.keys;
  return {
    id: 'acme',
    upstream: { clientId, clientSecret, subscriptionKey },
    keys: keys.map(entry),
    limits,
  };
};
// As deployments do it: the new file takes the place of the old one in one step.
const write = async (text: string) => {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
};
const writeTenants = (...tenants: object[]) => write(JSON.stringify({ tenants }));

const ask = (key: string, query = PAGE) =>
  serving.ask(query, { headers: { authorization: `Bearer ${key}`, 'x-upstream-report': '1' } });
const upstreamCalls = async (key: string) => (await (await ask(key)).json()).extensions.upstream.calls;
/** Milliseconds until the key is answered with `status`. */
async function until(key: string, status: number): Promise<number> {
  const startedAt = performance.now();
  while ((await ask(key)).status !== status) {
    if (performance.now() - startedAt > 5_000) throw new Error(`never answered with ${status}`);
    await sleep(20);
  }
  return performance.now() - startedAt;
}
const logged = (msg: RegExp, after: number) =>
  serving.cli.until(({ logs }) => logs.slice(after).find((line) => msg.test(String(line['msg']))));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'));
  file = join(folder, 'tenants.json');
  sandbox = await startSandbox({ units: 10, latencyMs: 0 });
  await writeTenants(tenant([KEPT]));
  serving = await startServing({
    MANAGEMENT_API_URL: sandbox.url,
    TENANTS_FILE: file,
    AUTH: 'api-key',
    OUTCOMES_FILE: ':memory:',
    AUTH_FAILURES_PER_MINUTE: '0',
  });
  await serving.readiness(200);
});
afterAll(async () => {
  await serving?.[Symbol.asyncDispose]();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

it('a new key works and a removed one is refused within a second, with nothing from a cache', async () => {
  expect(await upstreamCalls(KEPT)).toBe(4);
  expect((await ask(OTHER)).status).toBe(401);
  await writeTenants(tenant([KEPT, OTHER]));
  await until(OTHER, 200);
  await writeTenants(tenant([KEPT]));
  expect(await until(OTHER, 401)).toBeLessThan(1_000);
  const refused = await ask(OTHER);
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect((await ask(KEPT)).status).toBe(200);
});

it('other keys and limits leave what is cached', async () => {
  await upstreamCalls(KEPT);
  await writeTenants(tenant([KEPT, OTHER], { maxUpstreamCalls: 100 }));
  await until(OTHER, 200);
  expect(await upstreamCalls(OTHER)).toBe(0);
});

it('a file with mistakes changes nothing, and the log names them without a value', async () => {
  const before = serving.cli.logs.length;
  await write(`{"tenants": [{"id": "canary value", "upstream": {}}]}`);
  const line = await logged(/has mistakes/, before);
  expect(line?.['mistakes']).toEqual([
    expect.stringMatching(/^tenants\.0\.id: /),
    expect.stringMatching(/^tenants\.0\.upstream\.clientId: /),
  ]);
  expect(serving.cli.stdout).not.toContain('canary');
  expect((await ask(KEPT)).status).toBe(200);

  const half = serving.cli.logs.length;
  await write('{"tenants": [');
  await logged(/has mistakes/, half);
  const gone = serving.cli.logs.length;
  await rm(file);
  await logged(/has mistakes/, gone);
  expect((await ask(KEPT)).status).toBe(200);

  await writeTenants(tenant([OTHER]));
  await until(KEPT, 401);
  expect((await ask(OTHER)).status).toBe(200);
});

it('a file with one mistake still revokes a key, and the probe says that the configuration is stale', async () => {
  await writeTenants(tenant([KEPT, OTHER]));
  await until(OTHER, 200);
  await until(KEPT, 200);
  const verbose = async () => (await fetch(`${serving.adminUrl}/readyz?verbose`)).text();
  expect(await verbose()).toBe('[+] keys: ok\n[+] drain: ok\n[+] configuration: ok\nok\n');
  const before = serving.cli.logs.length;
  await writeTenants({ ...tenant([KEPT]), limits: { concurrency: 'many' } });
  expect(await until(OTHER, 401)).toBeLessThan(1_000);
  expect((await ask(KEPT)).status).toBe(200);
  expect(await logged(/no longer has/, before)).toMatchObject({ level: 'warn', revoked: 1 });
  expect(await verbose()).toMatch(/^\[-\] configuration: stale for \d+ s: mistakes in TENANTS_FILE\nok$/m);
  expect(await (await fetch(`${serving.adminUrl}/readyz`)).text()).toBe('ok\n');

  await writeTenants(tenant([OTHER]));
  await until(KEPT, 401);
  expect((await ask(OTHER)).status).toBe(200);
  expect(await verbose()).toContain('[+] configuration: ok');
});

it('a tenant that is gone takes its callers with it, and another comes in without a restart', async () => {
  await writeTenants({ ...tenant([KEPT]), id: 'brand' });
  await until(OTHER, 401);
  const { data } = await (await ask(KEPT, '{ viewer { tenant scopes } }')).json();
  expect(data).toEqual({ viewer: { tenant: 'brand', scopes: ['read'] } });
});

it('revokes a key at once while a secret file is gone for a moment, and reads the file again until it is back', async () => {
  const secretFile = join(folder, 'secret');
  const { clientSecret: _, ...upstream } = tenant([]).upstream;
  const withFile = { id: 'other', upstream: { ...upstream, clientSecretFile: secretFile }, keys: [] };
  await writeFile(secretFile, sandbox.keys.clientSecret);
  await writeTenants(tenant([KEPT, OTHER]), withFile);
  await until(OTHER, 200);
  await rm(secretFile);
  await writeTenants(tenant([KEPT]), withFile);
  expect(await until(OTHER, 401)).toBeLessThan(1_000);
  const before = serving.cli.logs.length;
  await writeFile(secretFile, sandbox.keys.clientSecret);
  await logged(/read again/, before);
  expect((await ask(KEPT)).status).toBe(200);
});
