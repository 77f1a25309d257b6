import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/deployment.md'), 'utf8');
const blockOf = (language: string) =>
  new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';

/** A folder with the package installed, as the recipes have it. */
async function installed() {
  const folder = await mkdtemp(join(tmpdir(), 'deployment-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/management-graphql'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** Runs a command as a supervisor does, stops it when it is ready, and returns how it ended. */
async function runAndStop(command: readonly string[], cwd: string, env: Record<string, string>) {
  const [, ...args] = command;
  // The recipes name the machine's own Node.
  const child = spawn(process.execPath, args, { cwd, env: { PORT: '0', ADMIN_PORT: '0', ...env } });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = once(child, 'close');
  while (!text.includes('"ready:')) {
    if (child.exitCode !== null) throw new Error(text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGTERM');
  const [code, signal] = await ended;
  return { code, signal, text };
}

const tenantsOf = ({
  keys: { clientId, clientSecret, subscriptionKey },
}: Awaited<ReturnType<typeof startSandbox>>) =>
  JSON.stringify({ tenants: [{ id: 'acme', upstream: { clientId, clientSecret, subscriptionKey } }] });

it('has a unit for systemd that starts the gateway and stops it with exit code 0', async () => {
  await using sandbox = await startSandbox({ units: 2, latencyMs: 1 });
  await using place = await installed();
  const unit = blockOf('ini');
  const valuesOf = (name: string) =>
    [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  const [tenants] = valuesOf('LoadCredential').map((value) => value.split(':')[0] ?? '');
  await mkdir(join(place.folder, 'management-graphql'));
  await writeFile(join(place.folder, tenants ?? ''), tenantsOf(sandbox), { mode: 0o600 });
  const env = Object.fromEntries(
    valuesOf('Environment').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name, value.replace('%d', place.folder).replace('%S', place.folder)];
    }),
  );
  const [command = ''] = valuesOf('ExecStart');
  expect(command).toMatch(/^\/usr\/bin\/node /);
  const { code, signal } = await runAndStop(command.split(' '), place.folder, {
    ...env,
    MANAGEMENT_API_URL: sandbox.url,
  });
  expect([code, signal]).toEqual([0, null]);
});

it('has a recipe for a container whose command is the gateway itself', async () => {
  await using sandbox = await startSandbox({ units: 2, latencyMs: 1 });
  await using place = await installed();
  const recipe = blockOf('dockerfile');
  const command = JSON.parse(/^CMD (.*)$/m.exec(recipe)?.[1] ?? '') as string[];
  expect(command[0]).toBe('node');
  expect(recipe.indexOf('USER node')).toBeLessThan(recipe.indexOf('CMD'));
  const env = Object.fromEntries(
    (/^ENV (.*)$/m.exec(recipe)?.[1] ?? '').split(' ').map((pair) => pair.split('=') as [string, string]),
  );
  const tenants = join(place.folder, 'tenants.json');
  await writeFile(tenants, tenantsOf(sandbox), { mode: 0o600 });
  const { code, signal } = await runAndStop(command, place.folder, {
    ...env,
    OUTCOMES_FILE: join(place.folder, 'outcomes.sqlite'),
    MANAGEMENT_API_URL: sandbox.url,
    AUTH: 'api-key',
    TENANTS_FILE: tenants,
  });
  expect([code, signal]).toEqual([0, null]);
});

it.each(['start', 'dev', 'sandbox', 'doctor'])(
  'npm run %s replaces the shell, so that a signal reaches the gateway',
  (name) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(scripts[name]).toMatch(/^exec node /);
  },
);

it('npm start ends with the process that npm knows, and leaves no orphan', async () => {
  const path = [dirname(process.execPath), '/usr/bin', '/bin'].join(':');
  const child = spawn(
    'sh',
    ['-c', JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts.start],
    {
      cwd: root,
      env: { PATH: path, PORT: '0', ADMIN_PORT: '0', SANDBOX_UNITS: '2' },
    },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  while (!text.includes('"ready:')) await new Promise((resolve) => setTimeout(resolve, 20));
  const port = /"port":(\d+)/.exec(text)?.[1];
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await expect(fetch(`http://127.0.0.1:${port}/graphql`)).rejects.toThrow();
});
