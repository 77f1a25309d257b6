import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { startCli } from './cli-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'canary-paths-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'outcomes.sqlite');
const PORTS = { PORT: '0', ADMIN_PORT: '0', SANDBOX_UNITS: '5' };

const onStart = async (env: Record<string, string>) => {
  await using cli = startCli(['serve'], { ...PORTS, ...env });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    cli.send('SIGKILL');
  }, 15_000);
  const { code, signal } = await cli.exited;
  clearTimeout(timer);
  return { code, signal, late, stderr: cli.stderr };
};

// The whole list of such paths is in test/store/sqlite-file.test.ts.
it.each(['/proc/x/outcomes.sqlite', '/sys/x/y/outcomes.sqlite', '/dev/null/x', '/dev/full', '/'])(
  'ends the start with OUTCOMES_FILE=%s',
  async (file) => {
    const { code, stderr } = await onStart({ OUTCOMES_FILE: file });
    expect(stderr).toMatch(/^The configuration has a mistake:\n {2}OUTCOMES_FILE: cannot be used: .+\n$/);
    if (file.length > 1) expect(stderr).not.toContain(file);
    expect(code).toBe(1);
  },
);

it('ends the start when OUTCOMES_FILE is a pipe', async () => {
  execFileSync('mkfifo', [path]);
  const { code, stderr } = await onStart({ OUTCOMES_FILE: path });
  expect(stderr).toContain('  OUTCOMES_FILE: cannot be used: it is not a regular file\n');
  expect(code).toBe(1);
  rmSync(path);
});

it('ends the start when another process holds OUTCOMES_FILE', async () => {
  const holder = new DatabaseSync(path);
  holder.exec('CREATE TABLE x (y); BEGIN EXCLUSIVE');
  const { code, stderr } = await onStart({ OUTCOMES_FILE: path });
  holder.close();
  rmSync(path);
  expect(stderr).toMatch(/OUTCOMES_FILE: cannot be used: database is locked/);
  expect(code).toBe(1);
});

const UPSTREAM = { MANAGEMENT_API_URL: 'https://api.example', AUTH: 'api-key,vipps-keys' };
it.each([
  ['TENANTS_FILE', UPSTREAM],
  ['TRUSTED_DOCUMENTS_FILE', {}],
  [
    'VIPPS_CLIENT_SECRET_FILE',
    { ...UPSTREAM, AUTH: 'vipps-keys', VIPPS_CLIENT_ID: 'x', VIPPS_TOKEN_FLOW: 'miami' },
  ],
])('ends the start when %s is a pipe that nobody writes to', async (name, env) => {
  const pipe = join(folder, name);
  execFileSync('mkfifo', [pipe]);
  const { code, stderr } = await onStart({ ...env, [name]: pipe });
  expect(stderr).toContain(`  ${name}: names a file that cannot be read: it is not a regular file\n`);
  expect(code).toBe(1);
});

// No mount hangs in a test. A thread that opens a pipe without a writer waits exactly as one that asks such a mount.
it.each(['TENANTS_FILE', 'OUTCOMES_FILE'])(
  'ends the start within seconds when the file system of %s does not answer',
  async (name) => {
    const pipe = join(folder, 'silent');
    rmSync(pipe, { force: true });
    execFileSync('mkfifo', [pipe]);
    const hang = join(folder, 'hang.mjs');
    writeFileSync(
      hang,
      `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
      fs.promises.stat = () => fs.promises.open(${JSON.stringify(pipe)}); syncBuiltinESMExports();`,
    );
    mkdirSync(join(folder, 'hangs'), { recursive: true });
    const env = { [name]: join(folder, 'hangs', 'file'), NODE_OPTIONS: `--import=${hang}` };
    const { stderr, signal, late } = await onStart(env);
    expect(stderr).toContain(`  ${name}: its file system does not answer\n`);
    // Node itself cannot end while one of its threads waits.
    expect(signal).toBe('SIGKILL');
    expect(late).toBe(false);
  },
);

it('ends when SIGTERM comes during the start', async () => {
  await using cli = startCli(['serve'], { ...PORTS, OUTCOMES_FILE: join(folder, 'fine.sqlite') });
  // Loading the program takes longer than this.
  setTimeout(() => cli.send('SIGTERM'), 200);
  const timer = setTimeout(() => cli.send('SIGKILL'), 10_000);
  const { code, signal } = await cli.exited;
  clearTimeout(timer);
  expect([code, signal]).toSatisfy(([end, by]) => end === 0 || by === 'SIGTERM');
});
