import type { Row } from '../../upstream/row.ts';
import type { Work } from '../context.ts';
import { BadUserInput } from '../errors.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import {
  filterPlaced,
  filterRows,
  type Placed,
  type Position,
  place,
  placedBefore,
  putInOrder,
  type SortOrder,
} from './placed.ts';

/** Relay's arguments, as GraphQL hands them over. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

export interface Edge<T> {
  readonly cursor: string;
  /** Where the upstream's row could not be read, its error stands here: an executor gives null and the error's path. */
  readonly node: T;
}

/** One page of a connection, with the count of the whole list. */
export interface Page<T> {
  readonly edges: Edge<T>[];
  readonly totalCount: number;
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
}

/** Rows of a page when the caller names no size. */
export const DEFAULT_PAGE_SIZE = 50;

/** A page as it was asked for, all arguments checked. */
export interface PageRequest<T> {
  readonly order: SortOrder<T>;
  readonly size: number;
  readonly fromEnd: boolean;
  readonly after: Position | undefined;
  readonly before: Position | undefined;
}

/** Checks the arguments before anything is read. Throws {@link BadUserInput} naming the argument. */
export function readPage<T>(order: SortOrder<T>, args: PageArguments, maxPageSize: number): PageRequest<T> {
  const { first, last } = args;
  if (first != null && last != null) throw new BadUserInput('last', 'give either first or last, not both');
  const fromEnd = last != null;
  const [name, size] = fromEnd
    ? ['last', last]
    : ['first', first ?? Math.min(DEFAULT_PAGE_SIZE, maxPageSize)];
  if (size < 0) throw new BadUserInput(name, 'must not be negative');
  if (size > maxPageSize)
    throw new BadUserInput(name, `must be at most ${maxPageSize}; ask for the next page with after`);
  const after = readPosition('after', order, args.after);
  const before = readPosition('before', order, args.before);
  return { order, size, fromEnd, after, before };
}

/** Rows that are sorted anew for each filter. */
const FEW = 1_000;

/**
 * Cuts one page. The endpoint gives whole lists and promises no order, so the rows are put in order here: once for each
 * list and order. `passes` filters the sorted list.
 */
export function cutPage<T>(
  rows: readonly Row<T>[],
  request: PageRequest<T>,
  work: Work,
  passes?: (row: T) => boolean,
): Page<T> | Promise<Page<T>> {
  const known = placedBefore(rows, request.order);
  return known && !passes ? pageOf(known, request) : cutAnew(rows, request, work, passes);
}

async function cutAnew<T>(
  rows: readonly Row<T>[],
  request: PageRequest<T>,
  work: Work,
  passes: ((row: T) => boolean) | undefined,
): Promise<Page<T>> {
  if (passes && !placedBefore(rows, request.order)) {
    // Few of many: sorting those takes less than sorting the whole list, which nobody may ever need.
    const few = await filterRows(rows, passes, work);
    if (few.length <= FEW) return pageOf(await putInOrder(few, request.order, work), request);
  }
  const placed = await place(rows, request.order, work);
  return pageOf(passes ? await filterPlaced(placed, passes, work) : placed, request);
}

function pageOf<T>(
  placed: readonly Placed<T>[],
  { order, size, fromEnd, after, before }: PageRequest<T>,
): Page<T> {
  const start = after ? firstFrom(placed, order, after, 1) : 0;
  const end = before ? Math.max(start, firstFrom(placed, order, before, 0)) : placed.length;
  const from = fromEnd ? Math.max(start, end - size) : start;
  const to = fromEnd ? end : Math.min(end, start + size);

  return new CutPage(placed, order, from, to);
}

/** Makes edges and cursors when they are asked for: a page may be asked for its count alone. */
class CutPage<T> implements Page<T> {
  readonly totalCount: number;
  readonly #placed: readonly Placed<T>[];
  readonly #order: SortOrder<T>;
  readonly #from: number;
  readonly #to: number;
  #edges: Edge<T>[] | undefined;

  constructor(placed: readonly Placed<T>[], order: SortOrder<T>, from: number, to: number) {
    this.totalCount = placed.length;
    this.#placed = placed;
    this.#order = order;
    this.#from = from;
    this.#to = to;
  }

  get edges(): Edge<T>[] {
    this.#edges ??= this.#placed
      .slice(this.#from, this.#to)
      .map((placed) => new PlacedEdge(placed, this.#order));
    return this.#edges;
  }

  get pageInfo(): Page<T>['pageInfo'] {
    const first = this.#from < this.#to ? this.#placed[this.#from] : undefined;
    const last = this.#from < this.#to ? this.#placed[this.#to - 1] : undefined;
    return {
      startCursor: first ? cursorOf(first, this.#order) : null,
      endCursor: last ? cursorOf(last, this.#order) : null,
      hasNextPage: this.#to < this.#placed.length,
      hasPreviousPage: this.#from > 0,
    };
  }
}

class PlacedEdge<T> implements Edge<T> {
  readonly node: T;
  readonly #placed: Placed<T>;
  readonly #order: SortOrder<T>;

  constructor(placed: Placed<T>, order: SortOrder<T>) {
    this.node = placed.row as T;
    this.#placed = placed;
    this.#order = order;
  }

  get cursor(): string {
    return cursorOf(this.#placed, this.#order);
  }
}

const cursorOf = <T>({ broken, count, key }: Placed<T>, order: SortOrder<T>): string =>
  encodeCursor(order.name, [broken ? BROKEN : SOUND, String(count), ...key]);

const SOUND = 'row';
const BROKEN = 'broken';

function readPosition<T>(
  argument: string,
  order: SortOrder<T>,
  cursor: string | null | undefined,
): Position | undefined {
  if (cursor == null) return undefined;
  const [kind, count = '', ...key] = decodeCursor(argument, order.name, cursor);
  const broken = kind === BROKEN;
  if ((!broken && kind !== SOUND) || !/^\d{1,9}$/.test(count) || key.length !== (broken ? 0 : order.parts))
    throw new BadUserInput(argument, 'is not a cursor of this list; use pageInfo.endCursor or edges.cursor');
  return { broken, count: Number(count), key };
}

/** The index of the first row at (`beyond` 0) or behind (`beyond` 1) the position, found by halving. */
function firstFrom<T>(
  rows: readonly Placed<T>[],
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

/** Code unit order: the same on every replica, whatever its locale data. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
