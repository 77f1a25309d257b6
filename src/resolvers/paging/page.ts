import type { Row } from '../../upstream/row.ts';
import type { Work } from '../context.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { PageRequest } from './page-request.ts';
import { cursorOf, firstFrom } from './position.ts';
import type { SortOrder } from './sort-order.ts';
import {
  filterRows,
  filterSorted,
  knownSortedRows,
  type SortedRow,
  sortedRows,
  sortRows,
} from './sorted-rows.ts';

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
  const known = knownSortedRows(rows, request.order);
  return known && !passes ? pageOf(known, request) : sortAndCut(rows, request, work, passes);
}

async function sortAndCut<T>(
  rows: readonly Row<T>[],
  request: PageRequest<T>,
  work: Work,
  passes: ((row: T) => boolean) | undefined,
): Promise<Page<T>> {
  if (passes && !knownSortedRows(rows, request.order)) {
    // Sorting a few rows takes less time than sorting the whole list, which may never be needed.
    const few = await filterRows(rows, passes, work);
    if (few.length <= FEW) return pageOf(await sortRows(few, request.order, work), request);
  }
  const sorted = await sortedRows(rows, request.order, work);
  return pageOf(passes ? await filterSorted(sorted, passes, work) : sorted, request);
}

function pageOf<T>(
  rows: readonly SortedRow<T>[],
  { order, size, fromEnd, after, before }: PageRequest<T>,
): Page<T> {
  const start = after ? firstFrom(rows, order, after, 1) : 0;
  const end = before ? Math.max(start, firstFrom(rows, order, before, 0)) : rows.length;
  const from = fromEnd ? Math.max(start, end - size) : start;
  const to = fromEnd ? end : Math.min(end, start + size);

  return new LazyPage(rows, order, from, to);
}

/** Creates edges and cursors only when they are read, since a query may select the count alone. */
class LazyPage<T> implements Page<T> {
  readonly totalCount: number;
  readonly #rows: readonly SortedRow<T>[];
  readonly #order: SortOrder<T>;
  readonly #from: number;
  readonly #to: number;
  #edges: Edge<T>[] | undefined;

  constructor(rows: readonly SortedRow<T>[], order: SortOrder<T>, from: number, to: number) {
    this.totalCount = rows.length;
    this.#rows = rows;
    this.#order = order;
    this.#from = from;
    this.#to = to;
  }

  get edges(): Edge<T>[] {
    this.#edges ??= this.#rows.slice(this.#from, this.#to).map((row) => new LazyEdge(row, this.#order));
    return this.#edges;
  }

  get pageInfo(): Page<T>['pageInfo'] {
    const first = this.#from < this.#to ? this.#rows[this.#from] : undefined;
    const last = this.#from < this.#to ? this.#rows[this.#to - 1] : undefined;
    return {
      startCursor: first ? cursorOf(first, this.#order) : null,
      endCursor: last ? cursorOf(last, this.#order) : null,
      hasNextPage: this.#to < this.#rows.length,
      hasPreviousPage: this.#from > 0,
    };
  }
}

class LazyEdge<T> implements Edge<T> {
  readonly node: T;
  readonly #row: SortedRow<T>;
  readonly #order: SortOrder<T>;

  constructor(row: SortedRow<T>, order: SortOrder<T>) {
    this.node = row.row as T;
    this.#row = row;
    this.#order = order;
  }

  get cursor(): string {
    return cursorOf(this.#row, this.#order);
  }
}
