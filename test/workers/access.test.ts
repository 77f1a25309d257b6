import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { startTestWorkers } from './two-workers.ts';

const home = mkdtempSync(join(tmpdir(), 'workers-'));
afterAll(() => rmSync(home, { recursive: true }));

interface TestTenant {
  readonly id: string;
  readonly keys: readonly string[];
  readonly caller: 'partner' | 'otherPartner';
  readonly pointsPerMinute?: number;
}

/** Writes a tenants file and returns the variables for it. The key `one` is `mg_one`. */
function withTenants(
  sandbox: Pick<Sandbox, 'url' | 'callers'>,
  file: string,
  tenants: readonly TestTenant[],
): Record<string, string> {
  const path = join(home, file);
  const entries = tenants.map(({ id, keys, caller, pointsPerMinute }) => {
    const { clientId, clientSecret, subscriptionKey } = sandbox.callers[caller];
    return {
      id,
      upstream: { clientId, clientSecret, subscriptionKey },
      keys: keys.map((key) => ({
        sha256: createHash('sha256').update(`mg_${key}`).digest('hex'),
        scopes: ['read', 'product-orders:write'],
      })),
      ...(pointsPerMinute !== undefined && { limits: { pointsPerMinute } }),
    };
  });
  writeFileSync(path, JSON.stringify({ tenants: entries }), { mode: 0o600 });
  return { MANAGEMENT_API_URL: sandbox.url, TENANTS_FILE: path, AUTH: 'api-key', OUTCOMES_FILE: ':memory:' };
}
const as = (key: string) => ({ authorization: `Bearer mg_${key}` });
const names = '{ salesUnits(first: 5) { totalCount nodes { msn } } }';

it('refuses a revoked key on every worker, and accepts a new one on all', async () => {
  let sandbox: Sandbox | undefined;
  await using workers = await startTestWorkers({
    headers: as('old'),
    env: (started) => {
      sandbox = started;
      return withTenants(started, 'reload.json', [{ id: 'one', keys: ['old'], caller: 'partner' }]);
    },
  });
  const { one, two, serving } = workers;
  for (const { send } of [one, two]) expect((await send(names, as('old'))).status).toBe(200);
  // The file is read once more soon after the start, which is not logged.
  await sleep(600);
  if (sandbox) withTenants(sandbox, 'reload.json', [{ id: 'one', keys: ['new'], caller: 'partner' }]);
  await serving.cli.until(({ logs }) => logs.find(({ msg }) => msg === 'TENANTS_FILE was read again'));
  for (const { send } of [one, two]) {
    expect((await send(names, as('old'))).status).toBe(401);
    expect((await send(names, as('new'))).body.data).toMatchObject({ salesUnits: { totalCount: 100 } });
  }
  // What was read before is still known: the tenant has the same client.
  expect(workers.calls()).toEqual({ 'GET /management/v1/sales-units': 1 });
});

it('keeps the data of tenants apart', async () => {
  await using workers = await startTestWorkers({
    headers: as('one'),
    env: (sandbox) =>
      withTenants(sandbox, 'apart.json', [
        { id: 'one', keys: ['one'], caller: 'partner' },
        { id: 'two', keys: ['two'], caller: 'otherPartner' },
      ]),
  });
  const msns = async (client: typeof workers.one, key: string) =>
    JSON.stringify((await client.send(names, as(key))).body.data);
  const all = await Promise.all(
    [workers.one, workers.two].flatMap((client) => [msns(client, 'one'), msns(client, 'two')]),
  );
  expect(all[0]).not.toBe(all[1]);
  expect([all[2], all[3]]).toEqual([all[0], all[1]]);
});

it.each([
  ['a small limit', 40, 'one'],
  ['a larger limit', 1_000, 'one'],
  ['two callers', 400, 'two'],
])(
  'spends exactly the points of a minute over all workers: %s',
  async (_name, points, callers) => {
    await using workers = await startTestWorkers({
      headers: as('other'),
      env: (sandbox) =>
        withTenants(sandbox, 'points.json', [
          { id: 'one', keys: ['a', 'b'], caller: 'partner', pointsPerMinute: points },
          { id: 'other', keys: ['other'], caller: 'otherPartner' },
        ]),
    });
    const { one, two } = workers;
    const more = await workers.connectMany(14);
    const keys = callers === 'one' ? ['a'] : ['a', 'b'];
    const most = callers === 'one' ? points / 2 : points;
    let served = 0;
    const statuses = new Set<number>();
    await Promise.all(
      [one, two, ...more].map(async ({ send }, index) => {
        for (let refusals = 0; refusals < 3; ) {
          const { status } = await send('{ __typename }', as(keys[index % keys.length] ?? 'a'));
          statuses.add(status);
          if (status === 200) served++;
          else refusals++;
        }
      }),
    );
    expect(statuses).toEqual(new Set([200, 429]));
    expect(served).toBe(most);
    // Another tenant has its own points.
    expect((await one.send('{ __typename }', as('other'))).status).toBe(200);
  },
  60_000,
);

it('lets operations wait for points that others have reserved and give back', async () => {
  await using workers = await startTestWorkers({
    sandbox: { latencyMs: 30 },
    headers: as('other'),
    env: (sandbox) =>
      withTenants(sandbox, 'waiting.json', [
        { id: 'one', keys: ['a'], caller: 'partner', pointsPerMinute: 1_000 },
        { id: 'other', keys: ['other'], caller: 'otherPartner' },
      ]),
  });
  // Warm, so that each costs few points and reserves 201.
  const page = '{ salesUnits(first: 100) { nodes { configuration { captureType } merchant { name } } } }';
  await workers.one.send(page, as('a'));
  const more = await workers.connectMany(6);
  const answers = await Promise.all(
    [workers.one, workers.two, ...more].map(({ send }) => send(page, as('a'))),
  );
  expect(answers.map(({ body }) => body.errors)).toEqual(Array(8).fill(undefined));
}, 60_000);

it('serves callers with their own keys on every worker, and drops what was read when the keys are revoked', async () => {
  await using workers = await startTestWorkers({
    headers: { 'vipps-client-id': 'x', 'vipps-client-secret': 'y' },
    env: ({ url }) => ({
      MANAGEMENT_API_URL: url,
      AUTH: 'vipps-keys',
      OUTCOMES_FILE: ':memory:',
      AUTH_FAILURES_PER_MINUTE: '20',
    }),
  });
  const { sandbox, one, two } = workers;
  const own = (name: 'partner' | 'otherPartner') => {
    const { clientId, clientSecret, subscriptionKey } = sandbox.callers[name];
    return {
      'vipps-client-id': clientId,
      'vipps-client-secret': clientSecret,
      'ocp-apim-subscription-key': subscriptionKey,
    };
  };
  const first = await one.send(names, own('partner'));
  expect(first.body.data).toMatchObject({ salesUnits: { totalCount: 100 } });
  expect((await two.send(names, own('partner'))).body).toEqual(first.body);
  expect((await two.send(names, own('otherPartner'))).body).not.toEqual(first.body);
  const ofPartner = workers.calls()['GET /management/v1/sales-units'];
  expect(ofPartner).toBe(2);
  // The same secret with another subscription key is another caller.
  const wrong = await two.send(names, { ...own('partner'), 'ocp-apim-subscription-key': 'not-the-key' });
  expect(wrong.body.data?.['salesUnits'] ?? null).toBeNull();
  sandbox.revokeKeys('partner');
  sandbox.revokeTokens('partner');
  const refused = await one.send(names, { ...own('partner'), 'cache-control': 'no-cache' });
  expect(refused.body.errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAUTHENTICATED' });
  await expect
    .poll(async () => (await two.send(names, own('partner'))).body.errors?.[0]?.extensions, {
      timeout: 10_000,
    })
    .toMatchObject({ code: 'UPSTREAM_UNAUTHENTICATED' });
}, 60_000);

it('counts failed authentications of an address over all workers', async () => {
  await using workers = await startTestWorkers({
    headers: as('one'),
    env: (sandbox) => ({
      ...withTenants(sandbox, 'failures.json', [{ id: 'one', keys: ['one'], caller: 'partner' }]),
      AUTH_FAILURES_PER_MINUTE: '10',
    }),
  });
  const { one, two } = workers;
  for (let failure = 0; failure < 10; failure++)
    expect((await one.send(names, as('wrong'))).status).toBe(401);
  expect((await two.send(names, as('wrong'))).status).toBe(429);
  expect((await two.send(names, as('one'))).status).toBe(200);
});
