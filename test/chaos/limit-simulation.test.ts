import { expect, it } from 'vitest';
import { MOST, simulateLimit } from '../../chaos/limit-simulation.ts';

const moments = simulateLimit();
const between = (from: number, to: number) =>
  moments.filter(({ second }) => second >= from && second < to).map(({ limit }) => limit);

it('stays at its maximum while the upstream is fast', () => {
  expect(Math.min(...between(1, 10))).toBe(MOST);
});

it('falls while the upstream is slow because of too many calls, and stays lower', () => {
  const limits = between(11, 20);
  expect(Math.max(...limits)).toBeLessThan(MOST);
  expect(Math.min(...limits)).toBeGreaterThan(8);
});

it('is back within two seconds', () => {
  expect(Math.min(...between(27, 35))).toBe(MOST);
});

it('settles near the rate that the upstream allows, and recovers', () => {
  // 800 calls a second of 20 ms are 16 at once.
  expect(Math.max(...between(36, 50))).toBeLessThan(32);
  expect(moments.at(-1)?.limit).toBe(MOST);
});
