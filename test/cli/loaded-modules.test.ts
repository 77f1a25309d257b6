import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startServing } from './serving.ts';

const KEY = 'mg_loaded_modules';
/** Writes the URL of each module that was loaded, when the process ends. */
const TRACE = `
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
const urls = [];
registerHooks({ load: (url, context, next) => { urls.push(url); return next(url, context); } });
process.on('exit', () => writeFileSync(new URL('modules.txt', import.meta.url), urls.join('\\n')));
`;

/** Returns the files of `src` and the packages that a gateway loads until it has answered and stopped. */
async function loadedModules(env: Record<string, string>, folder: string): Promise<readonly string[]> {
  const trace = join(folder, 'trace.mjs');
  await writeFile(trace, TRACE);
  await using serving = await startServing({ NODE_OPTIONS: `--import=${trace}`, ...env });
  const authorization = `Bearer ${KEY}`;
  const answered = await serving.ask('{ salesUnits { nodes { configuration { captureType } } } }', {
    headers: env['AUTH'] ? { authorization } : {},
  });
  expect((await answered.json()).errors).toBeUndefined();
  serving.cli.send('SIGTERM');
  expect(await serving.cli.exited).toMatchObject({ code: 0 });
  const urls = (await readFile(join(folder, 'modules.txt'), 'utf8')).split('\n');
  return urls.map((url) => {
    const [, inPackage] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
    return inPackage ?? url.replace(/^.*\/src\//, 'src/');
  });
}

/** What a production gateway without these features has no use for, by the beginning of the path. */
const unused = [
  ...['sandbox/', 'directory/sync.ts', 'store/directory/', 'schema/federation/subgraph'],
  ...['doctor.ts', 'export/export.ts', 'changes/changes.ts', 'key.ts', 'sandbox.ts'].map(
    (name) => `cli/${name}`,
  ),
  ...['schema.ts', 'tenants-schema.ts', 'open-sandbox.ts'].map((name) => `cli/${name}`),
  ...['page.ts', 'tabs.ts', 'codes-page.ts'].map((name) => `server/graphiql/${name}`),
  ...['directories.ts', 'auth/jwt.ts', 'auth/issuer-keys.ts'].map((name) => `server/${name}`),
].map((path) => `src/${path}`);
/** The configuration knows the choices of SANDBOX_POLICY. */
const needed = ['src/sandbox/policy/', 'src/sandbox/sandbox-error.ts'];
const packages = ['jose', 'typescript', 'vite', 'graphiql', 'react'];
const startsWithOne = (beginnings: readonly string[], path: string) =>
  beginnings.some((beginning) => path.startsWith(beginning));
const superfluous = (modules: readonly string[]) =>
  modules.filter(
    (path) => packages.includes(path) || (startsWithOne(unused, path) && !startsWithOne(needed, path)),
  );

it('serve in production loads no sandbox, other command, GraphiQL, directory, subgraph or JWT', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modules-'));
  const sandbox = await startSandbox({ units: 3, latencyMs: 0 });
  const { clientId, clientSecret, subscriptionKey } = sandbox.keys;
  const keys = [{ sha256: createHash('sha256').update(KEY).digest('hex'), scopes: ['read'] }];
  const tenant = { id: 'acme', upstream: { clientId, clientSecret, subscriptionKey }, keys };
  const file = join(folder, 'tenants.json');
  await writeFile(file, JSON.stringify({ tenants: [tenant] }));
  try {
    const modules = await loadedModules(
      {
        NODE_ENV: 'production',
        MANAGEMENT_API_URL: sandbox.url,
        TENANTS_FILE: file,
        AUTH: 'api-key',
        OUTCOMES_FILE: ':memory:',
      },
      folder,
    );
    expect(modules).toContain('src/server/gateway.ts');
    expect(superfluous(modules)).toEqual([]);
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true });
  }
});

it('serve with the sandbox, a directory and a subgraph loads these, so that the list above is not of old names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modules-'));
  try {
    const modules = await loadedModules({ SANDBOX_UNITS: '3', DIRECTORY: 'on', SUBGRAPH: 'on' }, folder);
    const found = superfluous(modules);
    for (const path of [
      'src/sandbox/server.ts',
      'src/cli/open-sandbox.ts',
      'src/server/directories.ts',
      'src/directory/sync.ts',
      'src/schema/federation/subgraph-schema.ts',
    ])
      expect(found).toContain(path);
  } finally {
    await rm(folder, { recursive: true });
  }
});
