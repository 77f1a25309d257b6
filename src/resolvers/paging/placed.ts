import type { Row } from '../../upstream/row.ts';
import type { Work } from '../context.ts';
import { derived } from './derived.ts';
import { sort } from './sort.ts';

/** How the rows of a list are told apart and put in order. */
export interface SortOrder<T> {
  /** Written into cursors, so that one made for another order is refused instead of misread. */
  readonly name: string;
  /** How many parts a key has. */
  readonly parts: number;
  /** What a cursor remembers of a row, so that it survives the row's removal. */
  readonly key: (row: T) => readonly string[];
  readonly compare: (left: readonly string[], right: readonly string[]) => number;
}

/**
 * Where a row is in its list. Rows that could not be read come last, since nothing in them can be trusted; rows with
 * equal keys are counted, so that a page that ends between them loses none.
 */
export interface Position {
  readonly broken: boolean;
  readonly key: readonly string[];
  readonly count: number;
}

export interface Placed<T> extends Position {
  readonly row: Row<T>;
}

/** Rows that are looked at in one turn of the event loop. */
const SLICE = 5_000;

/** Returns the rows of a list in order. Each list is sorted once for each order, whoever asks. */
export async function place<T>(
  rows: readonly Row<T>[],
  order: SortOrder<T>,
  work: Work,
): Promise<readonly Placed<T>[]> {
  const sorting = sortingOf(rows, order);
  while (!sorting.done) {
    sorting.running ??= sorting.run(putInOrder(rows, order, work));
    // The operation that sorts may run out of time before this one does; then it is this one's turn.
    await sorting.running;
    if (!sorting.done) await work.scan(rows.length);
  }
  return sorting.done;
}

/** Returns the rows in order if they have been sorted already. */
export const placedBefore = <T>(
  rows: readonly Row<T>[],
  order: SortOrder<T>,
): readonly Placed<T>[] | undefined => sortingOf(rows, order).done;

const sortingOf = <T>(rows: readonly Row<T>[], order: SortOrder<T>) =>
  derived(rows, () => new Sorting<T>(), order.name);

class Sorting<T> {
  done: readonly Placed<T>[] | undefined;
  running: Promise<void> | undefined;

  async run(work: Promise<readonly Placed<T>[]>): Promise<void> {
    try {
      this.done = await work;
    } catch {
      this.running = undefined;
    }
  }
}

/** Returns the rows that pass, in the order of the list. Rows that could not be read never do. */
export async function filterRows<T>(
  rows: readonly Row<T>[],
  passes: (row: T) => boolean,
  work: Work,
): Promise<readonly T[]> {
  const selected: T[] = [];
  for await (const slice of slices(rows, work))
    for (const row of slice) if (!(row instanceof Error) && passes(row as T)) selected.push(row as T);
  return selected;
}

/** Returns the rows that pass, in their order. Rows that could not be read never do. */
export async function filterPlaced<T>(
  placed: readonly Placed<T>[],
  passes: (row: T) => boolean,
  work: Work,
): Promise<readonly Placed<T>[]> {
  const selected: Placed<T>[] = [];
  for await (const slice of slices(placed, work))
    for (const one of slice) if (!one.broken && passes(one.row as T)) selected.push(one);
  return selected;
}

/** Sorts the rows without keeping the result. */
export async function putInOrder<T>(
  rows: readonly Row<T>[],
  order: SortOrder<T>,
  work: Work,
): Promise<readonly Placed<T>[]> {
  const broken: Placed<T>[] = [];
  const sound: Placed<T>[] = [];
  for await (const slice of slices(rows, work))
    for (const row of slice) {
      if (row instanceof Error) broken.push({ broken: true, key: [], count: broken.length, row });
      else sound.push({ broken: false, key: order.key(row as T), count: 0, row: row as T });
    }
  const sorted = await sort(sound, (left, right) => order.compare(left.key, right.key), work);
  const placed: Placed<T>[] = [];
  for await (const slice of slices(sorted, work))
    for (const one of slice) {
      const previous = placed.at(-1);
      const isAlike = previous !== undefined && order.compare(previous.key, one.key) === 0;
      placed.push(isAlike ? { ...one, count: previous.count + 1 } : one);
    }
  for (const one of broken) placed.push(one);
  return placed;
}

async function* slices<T>(list: readonly T[], work: Work): AsyncGenerator<readonly T[]> {
  for (let start = 0; start < list.length; start += SLICE) {
    const slice = list.length <= SLICE ? list : list.slice(start, start + SLICE);
    await work.scan(slice.length);
    yield slice;
  }
}
