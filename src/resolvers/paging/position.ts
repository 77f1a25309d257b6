import { BadUserInput } from '../errors.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { SortOrder } from './sort-order.ts';

/**
 * The place of a row in its list. Rows that could not be read come last, since nothing in them can be trusted. Rows with
 * equal keys are numbered, so that a page that ends between them skips none.
 */
export interface Position {
  readonly broken: boolean;
  readonly key: readonly string[];
  readonly count: number;
}

const READABLE = 'row';
const BROKEN = 'broken';

export const cursorOf = <T>({ broken, count, key }: Position, order: SortOrder<T>): string =>
  encodeCursor(order.name, [broken ? BROKEN : READABLE, String(count), ...key]);

/** Returns the position in a cursor. Throws {@link BadUserInput} for a cursor of another list or order. */
export function readPosition<T>(
  argument: string,
  order: SortOrder<T>,
  cursor: string | null | undefined,
): Position | undefined {
  if (cursor == null) return undefined;
  const [kind, count = '', ...key] = decodeCursor(argument, order.name, cursor);
  const broken = kind === BROKEN;
  if ((!broken && kind !== READABLE) || !/^\d{1,9}$/.test(count) || key.length !== (broken ? 0 : order.parts))
    throw new BadUserInput(argument, 'is not a cursor of this list; use pageInfo.endCursor or edges.cursor');
  return { broken, count: Number(count), key };
}

/** Returns the index of the first row at the position (`beyond` 0) or after it (`beyond` 1), by binary search. */
export function firstFrom<T>(
  rows: readonly Position[],
  order: SortOrder<T>,
  position: Position,
  beyond: 0 | 1,
): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row && comparePositions(order, row, position) < beyond) low = middle + 1;
    else high = middle;
  }
  return low;
}

function comparePositions<T>(order: SortOrder<T>, left: Position, right: Position): number {
  if (left.broken !== right.broken) return left.broken ? 1 : -1;
  return (left.broken ? 0 : order.compare(left.key, right.key)) || left.count - right.count;
}
