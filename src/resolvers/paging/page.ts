import type { Row } from '../../upstream/row.ts';
import type { Work } from '../context.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { PageRequest } from './page-request.ts';
import { filterPlaced, filterRows, type Placed, place, placedBefore, putInOrder } from './placed.ts';
import { cursorOf, firstFrom } from './position.ts';
import type { SortOrder } from './sort-order.ts';

export interface Edge<T> {
  readonly cursor: string;
  /** The error if the upstream's row could not be read: the executor turns it into null and an error at its path. */
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

/** Up to so many filtered rows are sorted for each request instead of sorting the whole list once. */
const FEW = 1_000;

/**
 * Returns one page of a list. The endpoint returns whole lists in no particular order, so the rows are sorted here, once
 * for each list and order. `passes` filters the rows.
 */
export function cutPage<T>(
  rows: readonly Row<T>[],
  request: PageRequest<T>,
  work: Work,
  passes?: (row: T) => boolean,
): MaybePromise<Page<T>> {
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
    // Sorting a few rows takes less time than sorting the whole list, which may never be needed.
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

/** Creates edges and cursors only when they are read, since a query may select the count alone. */
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
