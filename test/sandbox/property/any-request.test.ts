import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAnswerCheck } from './answer-check.ts';
import { anyCase } from './any-request.ts';
import { runSteps } from './model.ts';
import { steps } from './steps.ts';
import { describeRequest, startTarget, type Target } from './target.ts';
import { issueTokens, type Tokens } from './tokens.ts';
import { transcript } from './transcript.ts';

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
  const checkAnswer = await createAnswerCheck();
  const keys: Tokens = await issueTokens(target);
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
        const faults = checkAnswer(wanted, received, request.method);
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
  const checkAnswer = await createAnswerCheck();
  await fc.assert(
    fc.asyncProperty(steps, (steps) => runSteps(target, checkAnswer, steps)),
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
