import type { Work } from '../context.ts';

type Compare<T> = (left: T, right: T) => number;

/** Sorted in one turn of the event loop: a few milliseconds, even with a collator. */
const SLICE = 2_000;

/**
 * Returns the items in order; the sort is stable. A long list is sorted in slices that are then merged, so that other
 * work can run in between.
 */
export async function sort<T>(items: readonly T[], compare: Compare<T>, work: Work): Promise<readonly T[]> {
  if (items.length <= SLICE) return items.toSorted(compare);
  let runs: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += SLICE) {
    await work.scan(SLICE);
    runs.push(items.slice(start, start + SLICE).sort(compare));
  }
  while (runs.length > 1) {
    const longer: (readonly T[])[] = [];
    for (let index = 0; index < runs.length; index += 2)
      longer.push(await merge(runs[index] ?? [], runs[index + 1] ?? [], compare, work));
    runs = longer;
  }
  return runs[0] ?? [];
}

async function merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: Compare<T>,
  work: Work,
): Promise<readonly T[]> {
  const merged: T[] = [];
  let fromLeft = 0;
  let fromRight = 0;
  while (fromLeft < left.length || fromRight < right.length) {
    const takesLeft =
      fromRight >= right.length ||
      (fromLeft < left.length && compare(left[fromLeft] as T, right[fromRight] as T) <= 0);
    merged.push((takesLeft ? left[fromLeft++] : right[fromRight++]) as T);
    if (merged.length % (2 * SLICE) === 0) await work.scan(2 * SLICE);
  }
  return merged;
}
