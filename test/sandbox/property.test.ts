import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anyCase } from './property/any-request.ts';
import { createJudge } from './property/judge.ts';
import { type Keyring, openKeyring } from './property/keyring.ts';
import { runStory } from './property/model.ts';
import { story } from './property/story.ts';
import { describeRequest, startTarget, type Target } from './property/target.ts';
import { transcript } from './property/transcript.ts';

// Printed by fast-check with every failure; another seed asks other questions.
const SEED = 20_261_121;
const UNITS = 60;
const BATCH = 200;
const BATCHES = 110;
const STORIES = 80;
const LEAST_REQUESTS = 20_000;

let target: Target;
beforeAll(async () => {
  target = await startTarget({ seed: 7, units: UNITS });
});
afterAll(() => target[Symbol.asyncDispose]());

it('answers any request as the contract says, with a status that one of its mistakes earns', async () => {
  const judge = await createJudge();
  const keys: Keyring = await openKeyring(target);
  const statuses = new Map<number, number>();
  const batch = fc.array(anyCase(target, keys), { minLength: BATCH, maxLength: BATCH }).map((cases) => ({
    cases,
    // A batch is functions; what the failed ones sent is in the error.
    [fc.toStringMethod]: () => `${cases.length} requests`,
  }));
  await fc.assert(
    fc.asyncProperty(batch, async ({ cases }) => {
      await target.control('state/reset');
      const verdicts = cases.map(async (caseAt, place) => {
        const { request, ...wanted } = caseAt(place);
        const received = await target.send(request);
        statuses.set(received.status, (statuses.get(received.status) ?? 0) + 1);
        const faults = judge(wanted, received, request.method);
        return faults.map((fault) => `${fault}\n${describeRequest(request)}\n${received.text.slice(0, 500)}`);
      });
      expect((await Promise.all(verdicts)).flat()).toEqual([]);
    }),
    { seed: SEED, numRuns: BATCHES, endOnFailure: true },
  );
  // Each kind of answer often enough to count for something.
  for (const status of [200, 201, 400, 401, 403, 404]) {
    expect(statuses.get(status), String(status)).toBeGreaterThan(500);
  }
}, 120_000);

it('remembers orders, keys and units as a small model does', async () => {
  const judge = await createJudge();
  await fc.assert(
    fc.asyncProperty(story, (steps) => runStory(target, judge, steps)),
    { seed: SEED, numRuns: STORIES },
  );
}, 120_000);

it('answered all that, and lives', async () => {
  expect(target.sent).toBeGreaterThanOrEqual(LEAST_REQUESTS);
  expect(await target.isAlive()).toBe(true);
  expect(target.stderr).toBe('');
});

it('answers the same to the same questions when the seed is the same, and something else when it is not', async () => {
  const [one, again, other] = [
    await transcript({ seed: 11, units: UNITS }),
    await transcript({ seed: 11, units: UNITS }),
    await transcript({ seed: 12, units: UNITS }),
  ];
  expect(again).toEqual(one);
  expect(one.length).toBeGreaterThan(100);
  expect(other).not.toEqual(one);
}, 60_000);
