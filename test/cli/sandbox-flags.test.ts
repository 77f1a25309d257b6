import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { readSandboxConfig } from '../../src/config/sandbox-config.ts';
import { policyNames } from '../../src/sandbox/policy/policy.ts';
import { type CliProcess, runCli, startCli } from './cli-process.ts';
import { startServing } from './serving.ts';

const mistakesOf = (env: Record<string, string>, flags = {}) => {
  try {
    readSandboxConfig(env, flags);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
};

it('starts the sandbox as the flags say, which win over the variables', async () => {
  const args = [
    '--port=0',
    '--units',
    '7',
    '--seed',
    '9',
    '--latency',
    '3',
    '--policy',
    'listOrder=shuffled',
  ];
  const env = {
    SANDBOX_PORT: 'x',
    SANDBOX_UNITS: '12',
    SANDBOX_POLICY: 'listOrder=stable, msnAsInteger=true ,rateLimitPerMinute=0',
  };
  await using cli = startCli(['sandbox', ...args, '--policy', 'rateLimitPerMinute=30'], env);
  const url = await cli.until(({ stdout }) => /http:\S+(?=\/_sandbox\/stats\n)/.exec(stdout)?.[0]);
  const policies = await (await fetch(`${url}/_sandbox/policy`)).json();
  const value = (wanted: string) => policies.find(({ name }: { name: string }) => name === wanted).value;
  expect(value('listOrder')).toBe('shuffled');
  expect(value('msnAsInteger')).toBe(true);
  expect(value('rateLimitPerMinute')).toBe(30);
  expect(value('latencyMs')).toBe(3);
});

it('reads size and seed from flags', () => {
  const env = { SANDBOX_UNITS: 'x', SANDBOX_SEED: '3' };
  expect(readSandboxConfig(env, { units: '7' })).toMatchObject({ units: 7, seed: 3 });
  expect(readSandboxConfig(env, { units: '7', seed: '9' })).toMatchObject({ units: 7, seed: 9 });
});

it('gives the sandbox of serve its policy', async () => {
  await using serving = await startServing({ SANDBOX_POLICY: 'rateLimitPerMinute=1', CACHE: 'off' });
  const answer = async () =>
    JSON.stringify(
      await serving.query('{ salesUnits(first: 1) { nodes { configuration { captureType } } } }'),
    );
  expect((await answer()) + (await answer())).toContain('UPSTREAM_RATE_LIMITED');
});

it('lists all mistakes at once, one line each, and names flags as flags', async () => {
  const args = [
    '--port',
    'x',
    '--units=0',
    '--latency',
    '--policy',
    'no',
    '--policy',
    'listOrder=up',
    '--prot',
    '1',
  ];
  const { code, stdout, stderr } = await runCli(['sandbox', ...args], {
    SANDBOX_SEED: '-1',
    SANDBOX_POLICY: 'canary=1,retryAfter=canary,latencyMs=5',
  });
  expect(stderr.trimEnd().split('\n')).toEqual([
    'The configuration has 10 mistakes:',
    ...[
      '--prot: unknown flag',
      '--latency: must have a value',
      '--units: must be a whole number from 1 to 100000',
      'SANDBOX_SEED: must be a whole number from 0 to 4294967295',
      '--port: must be a whole number from 0 to 65535',
      'SANDBOX_POLICY: setting 1 must be name=value, with the name of a policy',
      'SANDBOX_POLICY: retryAfter must be one of seconds, date, none',
      'SANDBOX_POLICY: latencyMs must be set with SANDBOX_LATENCY_MS or --latency instead',
      '--policy: setting 1 must be name=value, with the name of a policy',
      '--policy: listOrder must be one of stable, shuffled',
    ].map((line) => `  ${line}`),
  ]);
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

it.each([
  ['', 'name=value'],
  ['listOrder', 'name=value'],
  ['=stable', 'name=value'],
  ['toString=1', 'name=value'],
  ['listOrder=', 'listOrder must be one of'],
  ['msnAsInteger=1', 'msnAsInteger must be one of false, true'],
  ['rateLimitPerMinute=1e3', 'rateLimitPerMinute must be a whole number'],
  ['rateLimitPerMinute=', 'rateLimitPerMinute must be a whole number'],
])('refuses the setting %j', (setting, text) => {
  expect(mistakesOf({}, { policy: [setting] })).toEqual([expect.stringContaining(text)]);
});

it('listens where it is told, and says who else can steer it then', async () => {
  const urlOf = ({ stdout }: CliProcess) => /http:\S+(?=\/_sandbox\/stats\n)/.exec(stdout)?.[0];
  // NODE_ENV changes nothing: images have it by habit, and the sandbox has nothing to protect.
  await using open = startCli(['sandbox', '--host', '0.0.0.0'], { NODE_ENV: 'production' });
  const url = await open.until(urlOf);
  expect(open.stdout).toContain(
    '\nIt listens on 0.0.0.0: anyone who can reach that address can read its keys and control it.\n',
  );
  // What is printed can be called from this machine.
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const { port } = new URL(url);
  expect((await fetch(`http://127.0.0.2:${port}/_sandbox/stats`)).status).toBe(200);

  await using closed = startCli(['sandbox'], { SANDBOX_HOST: '127.0.0.2' });
  expect(await closed.until(urlOf)).toMatch(/^http:\/\/127\.0\.0\.2:/);
  expect(closed.stdout).not.toContain('anyone who can reach');
});

it('listens on this machine only unless told otherwise', () => {
  expect(readSandboxConfig({}).host).toBe('127.0.0.1');
  expect(readSandboxConfig({ SANDBOX_HOST: '::1' }, { host: '0.0.0.0' }).host).toBe('0.0.0.0');
  expect(mistakesOf({ SANDBOX_HOST: 'sandbox.example' })).toEqual([
    'SANDBOX_HOST: must be an IP address, or localhost',
  ]);
});

it('warns when the sandbox of serve can be reached from elsewhere', () => {
  const info = { name: 'x', version: '1' };
  const warningsOf = (env: Record<string, string>) => readConfig(env, info, { now: () => 0 }).warnings;
  expect(warningsOf({ SANDBOX_HOST: '0.0.0.0' })).toEqual([expect.stringContaining('SANDBOX_HOST: anyone')]);
  expect(warningsOf({ SANDBOX_HOST: '::1' })).toEqual([]);
});

it.each([
  [['--host', '203.0.113.1'], {}, '--host'],
  [[], { SANDBOX_HOST: '203.0.113.1' }, 'SANDBOX_HOST'],
])('says that an address is not of this machine: %j %j', async (args, env, name) => {
  const { code, stderr } = await runCli(['sandbox', ...args], env as Record<string, string>);
  expect(stderr).toBe(`${name}: is not an address of this machine\n`);
  expect(code).toBe(1);
});

it('names the flag when its port is in use', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await runCli(['sandbox', '--port', String(port)]);
  server.close();
  expect(stderr).toBe(`--port: ${port} is in use by another process\n`);
  expect(code).toBe(1);
});

it.each(['serve', 'doctor', 'schema'])('refuses the flags with %s', async (command) => {
  const { code, stdout, stderr } = await runCli([command, '--units', '5', '--policy', 'help']);
  expect(stderr).toContain(
    '--units: applies to the command sandbox only\n--policy: applies to the command sandbox only\n',
  );
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

it('prints every policy with its choices for --policy help', async () => {
  const { code, stdout, stderr } = await runCli(['sandbox', '--policy', 'help']);
  const heads = [...stdout.matchAll(/^(\w+)=\S+$/gm)].map(([, name]) => name);
  expect(heads).toEqual(policyNames);
  expect(stdout).toContain('listOrder=stable\n    stable, shuffled\n    The order of lists.');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

it('lists the flags for --help', async () => {
  const { stdout } = await runCli(['sandbox', '--help']);
  for (const flag of ['port', 'host', 'units', 'seed', 'latency', 'policy'])
    expect(stdout).toMatch(new RegExp(`^  --${flag} `, 'm'));
});
