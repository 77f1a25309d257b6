import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OperationWork } from '../../../src/server/limits/operation-work.ts';
import { Turns } from '../../../src/server/limits/turns.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';

const SIZE = { rows: 1, fields: 20 };

/** In how many turns of the event loop the rows of a list are there, and how many are there in the fullest. */
async function turnsOf(
  rows: readonly unknown[],
  arrive: () => void,
): Promise<{ turns: number; most: number }> {
  const work = new OperationWork(100_000, new Turns(), new Cancellation());
  let arrived = 0;
  const all = Promise.all(
    work.list(rows, SIZE).map(async (row) => {
      await row;
      arrived++;
    }),
  );
  arrive();
  let [turns, most] = [0, 0];
  for (let before = 0; arrived < rows.length; before = arrived) {
    await nextTurn();
    turns++;
    most = Math.max(most, arrived - before);
  }
  await all;
  return { turns, most };
}

describe('a list of two thousand rows', () => {
  it('is spread over turns if it is known', async () => {
    const { turns, most } = await turnsOf(Array(2_000).fill({}), () => {});
    expect(turns).toBeGreaterThan(5);
    expect(most).toBeLessThan(400);
  });

  it('is spread over turns if all of it waits for one answer', async () => {
    const { promise, resolve } = Promise.withResolvers<object>();
    const { turns, most } = await turnsOf(Array(2_000).fill(promise), () => resolve({}));
    expect(turns).toBeGreaterThan(5);
    expect(most).toBeLessThan(400);
  });

  it('keeps its order if some of it is known', async () => {
    const work = new OperationWork(100_000, new Turns(), new Cancellation());
    const rows = Array.from({ length: 500 }, (_, index) =>
      index % 3 === 0 ? Promise.resolve(index) : index,
    );
    expect(await Promise.all(work.list(rows, SIZE))).toEqual(rows.map((_, index) => index));
  });

  it('may be abandoned while some of it fails', async () => {
    const work = new OperationWork(100_000, new Turns(), new Cancellation());
    const failing = Array.from({ length: 100 }, () =>
      nextTurn().then(() => Promise.reject(new Error('gone'))),
    );
    const rows = work.list(failing, SIZE);
    await nextTurn();
    await nextTurn();
    await expect(rows[0]).rejects.toThrow('gone');
  });
});
