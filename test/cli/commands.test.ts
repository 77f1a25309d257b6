import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { readPackageInfo } from '../../src/config/package-info.ts';
import { runCli, startCli } from './cli-process.ts';

const run = promisify(execFile);
const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

it('prints schema.graphql and nothing else for schema', async () => {
  const { code, stdout, stderr } = await runCli(['schema']);
  expect(stdout).toBe(await readFile(fileOf('schema.graphql'), 'utf8'));
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

it('prints a line for the sandbox that lists the sales units when a shell runs it', async () => {
  await using sandbox = startCli(['sandbox'], { SANDBOX_UNITS: '12' });
  const line = await sandbox.until(({ stdout }) => /^curl .*(?=\n)/m.exec(stdout)?.[0]);
  const { stdout } = await run('bash', ['-c', line]);
  expect(JSON.parse(stdout)).toHaveLength(12);
});

it('runs the sandbox on its own port until it is told to stop', async () => {
  await using sandbox = startCli(['sandbox'], { SANDBOX_UNITS: '12' });
  const url = await sandbox.until(({ stdout }) => /http:\S+(?=\/_sandbox\/stats\n)/.exec(stdout)?.[0]);
  expect(await (await fetch(`${url}/_sandbox/stats`)).json()).toMatchObject({ calls: {} });
  sandbox.send('SIGINT');
  expect(await sandbox.exited).toEqual({ code: 0, signal: null });
});

it('prints the usage for --help', async () => {
  const { code, stdout, stderr } = await runCli(['serve', '--help']);
  for (const command of ['serve', 'sandbox', 'schema', 'doctor'])
    expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

it('prints the version for -v', async () => {
  const { code, stdout } = await runCli(['-v']);
  expect(stdout).toBe(`${readPackageInfo().version}\n`);
  expect(code).toBe(0);
});

it.each([
  ['an unknown command', ['serv'], 'serv'],
  ['an unknown flag', ['--prot'], '--prot'],
  ['an argument that a command does not take', ['schema', 'schema.graphql'], 'schema'],
])('refuses %s with the usage', async (_title, args, named) => {
  const { code, stdout, stderr } = await runCli(args);
  expect(stderr).toContain(named);
  expect(stderr).toContain('Usage: management-graphql');
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

it('says on an old Node which one it needs, before anything that an old one cannot read', async () => {
  const pretend = "Object.defineProperty(process, 'versions', { value: { node: '20.19.4' } })";
  const failure = await run(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(pretend)}`,
    fileOf('bin/management-graphql.js'),
    'schema',
  ]).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 1, stdout: '' });
  expect(failure).toMatchObject({ stderr: expect.stringMatching(/needs Node 22\.19 .* this is 20\.19\.4/) });
});
