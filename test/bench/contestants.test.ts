import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contestant, ContestantSetup } from '../../bench/comparison/contestant.ts';
import { firstPage, prefill, pricePackages, type Question, units } from '../../bench/comparison/questions.ts';
import { startContestant } from '../../bench/comparison/start-contestant.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';

const UNITS = 10;
const MERCHANTS = UNITS / 5;
const root = new URL('../../', import.meta.url);

const setups: readonly Omit<ContestantSetup, 'connections'>[] = [
  { name: 'gateway', kind: 'gateway', cache: true, folder: root },
  { name: 'floor', kind: 'floor', cache: false },
  { name: 'yoga', kind: 'yoga', cache: false },
  { name: 'yoga-cached', kind: 'yoga', cache: true },
  { name: 'mercurius', kind: 'mercurius', cache: false },
  { name: 'mercurius-cached', kind: 'mercurius', cache: true },
  { name: 'constant', kind: 'constant', cache: false },
];
const others = setups.slice(1, -1);

let sandbox: Sandbox;
let contestants: Map<string, Contestant>;

beforeAll(async () => {
  sandbox = await startSandbox({ units: UNITS, latencyMs: 0 });
  const started = setups.map(async (setup): Promise<[string, Contestant]> => {
    const contestant = await startContestant({ ...setup, connections: 8 }, sandbox, '{"data":{}}');
    return [setup.name, contestant];
  });
  contestants = new Map(await Promise.all(started));
}, 30_000);

afterAll(async () => {
  await Promise.all([...(contestants?.values() ?? [])].map((contestant) => contestant.stop()));
  await sandbox[Symbol.asyncDispose]();
});

const find = (name: string): Contestant => {
  const contestant = contestants.get(name);
  if (!contestant) throw new Error(`${name} did not start`);
  return contestant;
};

/** Asks the first request of a question. Returns the answer, and how many upstream calls it took. */
async function ask(name: string, { plan }: Question) {
  const { url, authorizations } = find(name);
  const [authorization] = authorizations;
  sandbox.reset();
  const { body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify({ query: plan.query, variables: JSON.parse(plan.variables[0] ?? '{}') }),
  });
  const answer = (await body.json()) as { data: object };
  const { calls, tokenCalls } = sandbox.stats();
  return { answer, calls: Object.values(calls).reduce((sum, count) => sum + count, 0) - tokenCalls };
}

describe('servers of the benchmark', () => {
  it.each([
    ['a page', () => firstPage(UNITS), 1 + UNITS + MERCHANTS],
    ['a unit', () => units({ msns: sandbox.data.msns }), 2],
    ['price packages', pricePackages, 1],
  ] as const)('answer the same to %s, with as few calls', async (_, question, calls) => {
    const { answer } = await ask('gateway', question());
    expect(answer).not.toHaveProperty('errors');
    for (const { name, cache } of others) {
      const asked = await ask(name, question());
      expect([name, asked.answer]).toEqual([name, answer]);
      if (!cache) expect([name, asked.calls]).toEqual([name, calls]);
      else expect([name, (await ask(name, question())).calls]).toEqual([name, 0]);
    }
  });

  it.each([['gateway'], ['floor'], ['yoga'], ['mercurius']])(
    'make one order with one call: %s',
    async (name) => {
      const before = sandbox.data.orders.length;
      const question = prefill(`test-${name}`);
      const { answer, calls } = await ask(name, question);
      expect(question.isRight?.(answer.data)).toBe(true);
      expect([calls, sandbox.data.orders.length - before]).toEqual([1, 1]);
    },
  );

  it('measure how long their event loop was held up', async () => {
    for (const { name } of setups)
      expect([name, await find(name).loopP99Ms()]).toEqual([name, expect.any(Number)]);
    expect(await find('gateway').loopP99Ms()).toBeGreaterThan(0);
    expect(await find('floor').loopP99Ms()).toBeGreaterThan(0);
  });

  it('return a fixed response, in the case of the constant server', async () => {
    expect((await ask('constant', pricePackages())).answer).toEqual({ data: {} });
  });
});
