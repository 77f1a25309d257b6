import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RequestTurns } from '../../../src/server/limits/request-turns.ts';

/** Starts requests that take so many milliseconds each, and notes the turn in which each began. */
function setUp(...durations: number[]) {
  const turns = new RequestTurns();
  const started: string[] = [];
  let turn = 1;
  durations.forEach((duration, request) => {
    turns.run(() => {
      started.push(`${request} in ${turn}`);
      const endsAt = performance.now() + duration;
      while (performance.now() < endsAt);
    });
  });
  return async (count: number) => {
    for (; turn <= count; turn++) await nextTurn();
    return started;
  };
}

it('starts short requests together, in the order of arrival', async () => {
  expect(await setUp(0, 0, 0)(1)).toEqual(['0 in 1', '1 in 1', '2 in 1']);
});

it('starts a request after a long one in the next turn', async () => {
  expect(await setUp(6, 0, 6, 0)(3)).toEqual(['0 in 1', '1 in 2', '2 in 2', '3 in 3']);
});
