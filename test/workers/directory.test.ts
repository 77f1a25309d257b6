import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { untilObserved } from '../cli/serving.ts';
import { follow } from '../support/subscriptions.ts';
import { startTestWorkers } from './two-workers.ts';

const DIRECTORY = {
  DIRECTORY: 'on',
  DIRECTORY_CALLS_PER_SECOND: '1000',
  DIRECTORY_LIST_SECONDS: '1',
  MAX_SUBSCRIPTIONS: '8',
};
const SEARCH = `{ salesUnits(first: 5, query: "kaffe") { totalCount nodes { msn name configuration { captureType } } }
  merchants(first: 3) { totalCount nodes { name } } directory { isComplete salesUnitCount } }`;
const NO_CALLS = { calls: 0 };

it('answers searches and pages of the directory on every worker, without a call', async () => {
  await using workers = await startTestWorkers({ env: DIRECTORY });
  const { one, two } = workers;
  await untilObserved(async (text) => (await one.send(text)).body as never);
  const answers = await Promise.all([one, two].map(({ send }) => send(SEARCH, { 'x-upstream-report': '1' })));
  expect(answers[0]?.body.errors).toBeUndefined();
  expect(answers[0]?.body.data).toMatchObject({ directory: { isComplete: true, salesUnitCount: 100 } });
  expect(answers[1]?.body.data).toEqual(answers[0]?.body.data);
  for (const { body } of answers) expect(body.extensions?.upstream).toMatchObject(NO_CALLS);
}, 60_000);

it('sends changes to subscribers of every worker, and counts their subscriptions together', async () => {
  await using workers = await startTestWorkers({ env: DIRECTORY });
  const { sandbox, serving, one } = workers;
  await untilObserved(async (text) => (await one.send(text)).body as never);
  // One caller may have half of eight, on whatever worker.
  const followers = [];
  for (let each = 0; each < 4; each++) {
    followers.push(await follow(serving.url));
    await sleep(50);
  }
  for (const follower of followers) expect((await follower.next())?.data?.changes.caughtUp).toBe(true);
  const refused = await follow(serving.url);
  expect(refused.response.statusCode).toBe(429);
  const [msn = ''] = sandbox.data.msns;
  sandbox.editUnit(msn, { name: 'Renamed' });
  for (const follower of followers)
    expect((await follower.nextChange())?.data?.changes.change).toMatchObject({ msn });
  const metrics = await (await fetch(`${serving.adminUrl}/metrics`)).text();
  expect(metrics).toContain('subscriptions_open 4');
  for (const follower of followers) follower.leave();
  await expect
    .poll(async () => (await follow(serving.url)).response.statusCode, { timeout: 10_000 })
    .toBe(200);
}, 60_000);
