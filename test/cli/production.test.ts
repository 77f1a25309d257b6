import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runCli } from './cli-process.ts';
import { startServing } from './serving.ts';

const KEY = 'mg_production';

it('NODE_ENV=production serves operations and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'production-'));
  const sandbox = await startSandbox({ units: 3, latencyMs: 0 });
  const { clientId, clientSecret, subscriptionKey } = sandbox.keys;
  const sha256 = createHash('sha256').update(KEY).digest('hex');
  const tenant = {
    id: 'acme',
    upstream: { clientId, clientSecret, subscriptionKey },
    keys: [{ sha256, scopes: ['read'] }],
  };
  const file = join(folder, 'tenants.json');
  await writeFile(file, JSON.stringify({ tenants: [tenant] }));
  try {
    await using serving = await startServing({
      NODE_ENV: 'production',
      MANAGEMENT_API_URL: sandbox.url,
      TENANTS_FILE: file,
      AUTH: 'api-key',
      OUTCOMES_FILE: ':memory:',
    });
    const authorization = `Bearer ${KEY}`;
    const answered = await serving.ask('{ salesUnits { totalCount } }', { headers: { authorization } });
    expect(await answered.json()).toEqual({ data: { salesUnits: { totalCount: 3 } } });
    expect((await serving.ask('{ salesUnits { totalCount } }')).status).toBe(401);

    const page = await fetch(serving.url, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('allow')]).toEqual([405, 'POST']);
    const query = await fetch(`${serving.url}?query={__typename}`, { headers: { authorization } });
    expect(query.status).toBe(405);
    for (const path of ['/', '/graphiql', '/playground', '/health', '/livez', '/metrics'])
      expect((await fetch(new URL(path, serving.url), { redirect: 'manual' })).status).toBe(404);
    for (const { headers } of [answered, page, await fetch(`${serving.adminUrl}/livez`)])
      expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual([
        'nosniff',
        'no-store',
      ]);
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true });
  }
});

it('NODE_ENV=production refuses the sandbox, and letting everybody in', async () => {
  const alone = await runCli(['serve'], { NODE_ENV: 'production' });
  expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('MANAGEMENT_API_URL: must be set')]);
  const open = await runCli(['serve'], {
    NODE_ENV: 'production',
    MANAGEMENT_API_URL: 'https://api.example',
    VIPPS_CLIENT_ID: 'id',
    VIPPS_CLIENT_SECRET: 'secret',
    VIPPS_SUBSCRIPTION_KEY: 'key',
    AUTH: 'none',
  });
  expect([open.code, open.stderr]).toEqual([1, expect.stringContaining('AUTH: must not be none')]);
});
