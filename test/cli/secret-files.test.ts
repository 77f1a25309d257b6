import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { pointedAt, startServing } from './serving.ts';

const LIST = '{ salesUnits(first: 1) { nodes { msn } } }';

it('takes secrets from files, and again when a file has changed', async () => {
  const keysSent: unknown[] = [];
  await using sandbox = await startSandbox({
    units: 5,
    latencyMs: 1,
    onExchange: ({ requestHeaders }) => keysSent.push(requestHeaders['ocp-apim-subscription-key']),
  });
  const { clientSecret, subscriptionKey, subscriptionKeySecondary } = sandbox.keys;
  await using files = await secretFiles({ clientSecret, subscriptionKey });
  await using serving = await startServing({ ...pointedAt(sandbox), ...files.env, CACHE: 'off' });
  expect(await serving.query(LIST)).toMatchObject({ data: { salesUnits: { nodes: [{}] } } });
  expect(keysSent).toContain(subscriptionKey);

  await files.write({ subscriptionKey: subscriptionKeySecondary });
  sandbox.revokeTokens();
  // A changed file is noticed within a second.
  await vi.waitFor(
    async () => {
      expect(await serving.query(LIST)).toMatchObject({ data: { salesUnits: { nodes: [{}] } } });
      expect(keysSent.at(-1)).toBe(subscriptionKeySecondary);
    },
    { timeout: 5_000 },
  );
});

it('becomes ready without a restart when the wrong secret in a file is mended', async () => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  const { clientSecret, subscriptionKey } = sandbox.keys;
  await using files = await secretFiles({ clientSecret: 'wrong', subscriptionKey });
  await using serving = await startServing({ ...pointedAt(sandbox), ...files.env });
  await serving.cli.until(({ logs }) => logs.find(({ msg }) => String(msg).startsWith('not ready: ')));
  await serving.readiness(503);
  expect(await serving.query(LIST)).toMatchObject({
    errors: [{ extensions: { code: 'UPSTREAM_UNAUTHENTICATED' } }],
  });

  await files.write({ clientSecret });
  await serving.readiness(200);
  expect(await serving.query(LIST)).toMatchObject({ data: { salesUnits: { nodes: [{}] } } });
});

it('serves with the last good secret when its file becomes unusable, and says so once', async () => {
  await using sandbox = await startSandbox({ units: 5, latencyMs: 1 });
  const { clientSecret, subscriptionKey } = sandbox.keys;
  await using files = await secretFiles({ clientSecret, subscriptionKey });
  await using serving = await startServing({ ...pointedAt(sandbox), ...files.env, CACHE: 'off' });
  await serving.readiness(200);
  const path = files.env.VIPPS_SUBSCRIPTION_KEY_FILE;
  await rm(path);
  await symlink(path, path);
  const complaints = () => serving.cli.logs.filter(({ msg }) => /^the secret file cannot/.test(String(msg)));
  await vi.waitFor(
    async () => {
      expect(await serving.query(LIST)).toMatchObject({ data: { salesUnits: { nodes: [{}] } } });
      expect(complaints()).toHaveLength(1);
    },
    { timeout: 5_000, interval: 200 },
  );
  expect(complaints()[0]).toMatchObject({ level: 'error', name: 'VIPPS_SUBSCRIPTION_KEY_FILE' });
  await rm(path);
  await files.write({ subscriptionKey });
  await vi.waitFor(
    async () => {
      await serving.query(LIST);
      expect(serving.cli.logs.map(({ msg }) => msg)).toContain('the secret file can be used again');
    },
    { timeout: 5_000, interval: 200 },
  );
  expect(complaints()).toHaveLength(1);
});

interface Secrets {
  readonly clientSecret?: string;
  readonly subscriptionKey?: string;
}

/** The files as an orchestrator mounts them, with a line end; `env` names them and takes the plain variables back. */
async function secretFiles(first: Secrets) {
  const folder = await mkdtemp(join(tmpdir(), 'management-graphql-'));
  const paths = { clientSecret: join(folder, 'secret'), subscriptionKey: join(folder, 'key') };
  const write = async ({ clientSecret, subscriptionKey }: Secrets) => {
    if (clientSecret) await writeFile(paths.clientSecret, `${clientSecret}\n`);
    if (subscriptionKey) await writeFile(paths.subscriptionKey, `${subscriptionKey}\n`);
  };
  await write(first);
  return {
    env: {
      VIPPS_CLIENT_SECRET: '',
      VIPPS_CLIENT_SECRET_FILE: paths.clientSecret,
      VIPPS_SUBSCRIPTION_KEY: '',
      VIPPS_SUBSCRIPTION_KEY_FILE: paths.subscriptionKey,
    },
    write,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
