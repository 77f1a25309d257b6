import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RequestTurns } from '../../../src/server/limits/request-turns.ts';

it('starts one request in each turn, in the order of arrival', async () => {
  const turns = new RequestTurns();
  const started: number[] = [];
  for (const request of [1, 2, 3]) turns.run(() => started.push(request));
  expect(started).toEqual([1]);
  await nextTurn();
  expect(started).toEqual([1, 2]);
  turns.run(() => started.push(4));
  await nextTurn();
  expect(started).toEqual([1, 2, 3]);
  await nextTurn();
  expect(started).toEqual([1, 2, 3, 4]);
});

it('goes on after a request that throws', async () => {
  const turns = new RequestTurns();
  expect(() =>
    turns.run(() => {
      throw new Error('one');
    }),
  ).toThrow('one');
  await nextTurn();
  const started: number[] = [];
  turns.run(() => started.push(1));
  expect(started).toEqual([1]);
});
