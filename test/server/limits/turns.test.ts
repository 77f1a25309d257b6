import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/server/limits/turns.ts';

describe('turns of the event loop', () => {
  it('are free for small work, up to what one turn holds', async () => {
    const turns = new Turns();
    expect([turns.take(1_000), turns.take(2_000), turns.take(1)]).toEqual([true, true, false]);
    await nextTurn();
    expect(turns.take(3_000)).toBe(true);
  });

  it('go to those that wait in their order, as many as fit in each', async () => {
    const turns = new Turns();
    const log: string[] = [];
    for (const [name, units] of [
      ['a', 2_000],
      ['b', 1_000],
      ['c', 2_500],
      ['d', 9_000],
      ['e', 1],
    ] as const)
      void turns.next(units).then(() => log.push(name));
    for (let turn = 0; turn < 4; turn++) {
      await nextTurn();
      log.push('|');
    }
    expect(log.join('')).toBe('ab|c|d|e|');
  });

  it('are not taken by those who come later than others that wait', async () => {
    const turns = new Turns();
    const waiting = turns.next(3_000);
    expect(turns.take(1)).toBe(false);
    await waiting;
  });
});
