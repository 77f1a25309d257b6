import { expect, it } from 'vitest';
import { median, spread } from '../../bench/ratios.ts';

it('takes the middle of an odd number of values, and the mean of the two in the middle otherwise', () => {
  expect(median([10, 2, 9])).toBe(9);
  expect(median([10, 2, 9, 4])).toBe(6.5);
  expect(median([])).toBeNaN();
});

it('finds the lowest and the highest', () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
});
