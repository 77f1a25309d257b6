import type { Row } from '../../upstream/row.ts';
import type { Work } from '../context.ts';
import { derived } from './derived.ts';
import type { Position } from './position.ts';
import { sort } from './sort.ts';
import type { SortOrder } from './sort-order.ts';

export interface SortedRow<T> extends Position {
  readonly row: Row<T>;
}

/** Rows that one turn of the event loop looks at. */
const SLICE = 5_000;

/** Returns the rows of a list in order. Each list is sorted once for each order, for all operations together. */
export async function sortedRows<T>(
  rows: readonly Row<T>[],
  order: SortOrder<T>,
  work: Work,
): Promise<readonly SortedRow<T>[]> {
  const sorting = sortingOf(rows, order);
  while (!sorting.done) {
    sorting.running ??= sorting.run(sortRows(rows, order, work));
    // The operation that sorts may reach its deadline before this one does; then this one sorts.
    await sorting.running;
    if (!sorting.done) await work.scan(rows.length);
  }
  return sorting.done;
}

/** Returns the rows in order if they are sorted already. */
export const knownSortedRows = <T>(
  rows: readonly Row<T>[],
  order: SortOrder<T>,
): readonly SortedRow<T>[] | undefined => sortingOf(rows, order).done;

const sortingOf = <T>(rows: readonly Row<T>[], order: SortOrder<T>) =>
  derived(rows, () => new Sorting<T>(), order.name);

class Sorting<T> {
  done: readonly SortedRow<T>[] | undefined;
  running: Promise<void> | undefined;

  async run(work: Promise<readonly SortedRow<T>[]>): Promise<void> {
    try {
      this.done = await work;
    } catch {
      this.running = undefined;
    }
  }
}

/** Returns the rows that pass, in the order of the list. Unreadable rows always pass, since they may match. */
export async function filterRows<T>(
  rows: readonly Row<T>[],
  passes: (row: T) => boolean,
  work: Work,
): Promise<readonly Row<T>[]> {
  const selected: Row<T>[] = [];
  for await (const slice of slices(rows, work))
    for (const row of slice) if (row instanceof Error || passes(row as T)) selected.push(row);
  return selected;
}

/** Returns the sorted rows that pass. Unreadable rows always pass. */
export async function filterSorted<T>(
  rows: readonly SortedRow<T>[],
  passes: (row: T) => boolean,
  work: Work,
): Promise<readonly SortedRow<T>[]> {
  const selected: SortedRow<T>[] = [];
  for await (const slice of slices(rows, work))
    for (const one of slice) if (one.broken || passes(one.row as T)) selected.push(one);
  return selected;
}

/** Returns the rows in order without keeping the result. */
export async function sortRows<T>(
  rows: readonly Row<T>[],
  order: SortOrder<T>,
  work: Work,
): Promise<readonly SortedRow<T>[]> {
  const broken: SortedRow<T>[] = [];
  const readable: SortedRow<T>[] = [];
  for await (const slice of slices(rows, work))
    for (const row of slice) {
      if (row instanceof Error) broken.push({ broken: true, key: [], count: broken.length, row });
      else readable.push({ broken: false, key: order.key(row as T), count: 0, row: row as T });
    }
  const sorted = await sort(readable, (left, right) => order.compare(left.key, right.key), work);
  const numbered: SortedRow<T>[] = [];
  for await (const slice of slices(sorted, work))
    for (const one of slice) {
      const previous = numbered.at(-1);
      const isAlike = previous !== undefined && order.compare(previous.key, one.key) === 0;
      numbered.push(isAlike ? { ...one, count: previous.count + 1 } : one);
    }
  for (const one of broken) numbered.push(one);
  return numbered;
}

async function* slices<T>(list: readonly T[], work: Work): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < list.length; start += SLICE) {
    const slice = list.length <= SLICE ? list : list.slice(start, start + SLICE);
    await work.scan(slice.length);
    yield slice;
  }
}
