import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from './cli-process.ts';

const CANARY = 'canary';
const MISTAKES = {
  PORT: `${CANARY}-port`,
  ADMIN_PORT: `${CANARY}-port`,
  HOST: `${CANARY}.example`,
  MANAGEMENT_API_URL: `http://${CANARY}.example`,
  VIPPS_CLIENT_ID: `${CANARY} id`,
  VIPPS_CLIENT_SECRET: `${CANARY} secret`,
  VIPPS_SUBSCRIPTION_KEY: `${CANARY}-key`,
  VIPPS_SUBSCRIPTION_KEY_FILE: `/${CANARY}/key`,
  VIPPS_SUBSCRIPTION_KEY_SECONDARY_FILE: `/${CANARY}/secondary`,
  VIPPS_MERCHANT_SERIAL_NUMBER: CANARY,
  VIPPS_TOKEN_FLOW: CANARY,
  VIPPS_SYSTEM_NAME: `${CANARY}\n`,
  TENANTS_FILE: `/${CANARY}/tenants.json`,
  REDIS_URL: `redis://:${CANARY}@127.0.0.1`,
  AUTH: CANARY,
  UPSTREAM_CONCURRENCY: CANARY,
  CACHE: CANARY,
  TRUSTED_PROXIES: CANARY,
  MAX_CONNECTIONS_PER_ADDRESS: CANARY,
  GRAPHIQL: CANARY,
  CORS_ORIGINS: CANARY,
  LOG_LEVEL: CANARY,
  SANDBOX_UNITS: CANARY,
};

it.each(['serve', 'doctor'])(
  '%s lists every mistake at once, by name and never by value',
  async (command) => {
    const { code, stdout, stderr } = await runCli([command], MISTAKES);
    expect(code).toBe(1);
    const named = [...stderr.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
    // Two ways to give one secret is a mistake of that secret; the file is then not looked at.
    const expected = Object.keys(MISTAKES).filter((name) => name !== 'VIPPS_SUBSCRIPTION_KEY_FILE');
    expect(new Set(named)).toEqual(new Set(expected));
    expect(stdout).toBe('');
    expect(stderr).not.toContain(CANARY);
  },
);

it.each(['PORT', 'ADMIN_PORT', 'SANDBOX_PORT'])('says that the port of %s is in use', async (name) => {
  await using taken = await takePort();
  const ports = { PORT: '0', ADMIN_PORT: '0', SANDBOX_PORT: '0', [name]: String(taken.port) };
  const { code, stdout, stderr } = await runCli(['serve'], ports);
  expect(stderr).toBe(`${name}: ${taken.port} is in use by another process\n`);
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

it('says that the port of the sandbox is in use when it runs alone', async () => {
  await using taken = await takePort();
  const { code, stderr } = await runCli(['sandbox'], { SANDBOX_PORT: String(taken.port) });
  expect(stderr).toBe(`SANDBOX_PORT: ${taken.port} is in use by another process\n`);
  expect(code).toBe(1);
});

// Again when the machine was busy with something else: the promise is about this process.
it('ends within two seconds when the configuration has a mistake', { retry: 3 }, async () => {
  const { code, ms } = await runCli(['serve'], { PORT: CANARY });
  expect(code).toBe(1);
  expect(ms).toBeLessThan(2_000);
});

it('takes a directory in place of a secret file for a mistake', async () => {
  await using folder = await temporaryFolder();
  const { code, stderr } = await runCli(['serve'], {
    MANAGEMENT_API_URL: 'https://api.vipps.no',
    VIPPS_CLIENT_ID: 'id',
    VIPPS_CLIENT_SECRET_FILE: folder.path,
    VIPPS_SUBSCRIPTION_KEY: 'key',
    AUTH: 'none',
  });
  expect(stderr).toContain('VIPPS_CLIENT_SECRET_FILE: ');
  expect(stderr).not.toContain(folder.path);
  expect(code).toBe(1);
});

async function takePort(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'management-graphql-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
