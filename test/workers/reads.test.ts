import { expect, it } from 'vitest';
import { startTestWorkers } from './two-workers.ts';

const list = 'GET /management/v1/sales-units';
const details = 'GET /management/v1/sales-units/{msn}';
const merchants = 'GET /management/v1/merchants/{scheme}/{id}';
const page = `{ salesUnits(first: 100) { nodes { msn configuration { captureType } merchant { name } } } }`;
const report = { 'x-upstream-report': '1' };

it.each(['on', 'off'])(
  'makes each call of a cold page once when 50 clients ask two workers for it, with CACHE=%s',
  async (cache) => {
    await using workers = await startTestWorkers({
      // Without a cache, those who come when a call has been answered make another one.
      sandbox: { latencyMs: 1_500 },
      env: { CACHE: cache },
    });
    const { one, two } = workers;
    const more = await workers.connectMany(48);
    const answers = await Promise.all([one, two, ...more].map(({ send }) => send(page, report)));
    expect(new Set(more.map(({ worker }) => worker))).toEqual(new Set([1, 2]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.data))).size).toBe(1);
    expect(answers[0]?.body.errors).toBeUndefined();
    expect(workers.calls()).toEqual({ [list]: 1, [details]: 100, [merchants]: 20 });
    expect(workers.sandbox.stats().tokenCalls).toBe(1);
    // Each call is charged to one operation, whichever worker it is of.
    const calls = answers.map(({ body }) => body.extensions?.upstream.calls ?? 0);
    expect(calls.reduce((sum, one) => sum + one, 0)).toBe(121);
  },
  60_000,
);

it('answers from what another worker has read, without a call', async () => {
  await using workers = await startTestWorkers();
  const { one, two } = workers;
  const first = await one.send(page, report);
  const second = await two.send(page, report);
  const third = await two.send(page, report);
  expect(second.body.data).toEqual(first.body.data);
  const upstream = ({ body }: typeof first) => body.extensions?.upstream;
  expect(upstream(first)).toMatchObject({ calls: 121 });
  expect(upstream(second)).toMatchObject({ calls: 0, cached: 121 });
  expect(upstream(third)).toMatchObject({ calls: 0, cached: 121 });
  expect(Object.values(workers.calls()).reduce((sum, one) => sum + one, 0)).toBe(121);
});

it('shows what one worker has read anew on the other', async () => {
  await using workers = await startTestWorkers();
  const { sandbox, one, two } = workers;
  const [msn = ''] = sandbox.data.msns;
  const query = `{ salesUnit(msn: "${msn}") { configuration { captureType paymentAllowed } name } }`;
  const before = await one.send(query);
  await two.send(query);
  sandbox.editUnit(msn, { name: 'Another name' });
  expect((await two.send(query)).body).toEqual(before.body);
  const fresh = await one.send<{ salesUnit: { name: string } }>(query, { 'cache-control': 'no-cache' });
  expect(fresh.body.data?.salesUnit.name).toBe('Another name');
  // The other worker learns of it a moment later.
  await expect.poll(async () => (await two.send(query)).body, { timeout: 10_000 }).toEqual(fresh.body);
});

it('returns the errors of the upstream as one process does', async () => {
  await using workers = await startTestWorkers({ sandbox: { latencyMs: 0 } });
  const { sandbox, one, two } = workers;
  const [msn = ''] = sandbox.data.msns;
  sandbox.fault({ route: details, status: 429, headers: { 'retry-after': '30' } });
  const query = `{ salesUnit(msn: "${msn}") { configuration { captureType } } }`;
  for (const client of [one, two])
    expect((await client.send(query)).body.errors?.[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_RATE_LIMITED',
    });
});
