import type { Directory, DirectoryStatus } from '../directory/directory.ts';
import {
  DirectoryUnavailable,
  type Found,
  type FoundRow,
  type PageOrder,
} from '../directory/directory-index.ts';
import type { SearchField } from '../directory/search-query.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput } from './errors.ts';
import { decodeCursor, encodeCursor } from './paging/cursor.ts';
import type { Edge, Page } from './paging/page.ts';
import { type PageArguments, readSize } from './paging/page-request.ts';

export type Direction = 'ASC' | 'DESC';

/** A page that the directory may have cut. */
export interface DirectoryPage<T> extends Page<T> {
  readonly edges: DirectoryEdge<T>[];
  /** Whether the directory knows everything that the page is cut of. Absent for a list of the upstream, which is whole. */
  readonly isComplete?: boolean;
}

interface DirectoryEdge<T> extends Edge<T> {
  readonly matchedOn?: readonly SearchField[];
}

/** One error for all fields that lack a directory, since an operation can have thousands. */
const noDirectory = new DirectoryUnavailable('there is no directory for these keys');

/** Returns the directory of the caller's tenant. Throws {@link DirectoryUnavailable} if there is none. */
export function directoryOf({ directory, usesLive }: RequestContext): Directory {
  if (!directory) throw noDirectory;
  usesLive();
  return directory;
}

export const directoryStatus = (context: RequestContext): Promise<DirectoryStatus> =>
  directoryOf(context).status();

/** How many parts the key of each order has. */
const PARTS = { msn: 1, businessIdentifier: 1, name: 2, merchantName: 3, relevance: 3 };

/** Returns the order and the place of a page of the directory. Throws {@link BadUserInput}. */
export function readDirectoryPage<Field extends keyof typeof PARTS>(
  list: string,
  order: { readonly field: Field; readonly direction: Direction },
  args: PageArguments & { readonly query?: string | null | undefined },
  maxPageSize: number,
) {
  const { field, direction } = order;
  if (field === 'relevance' && !args.query?.trim())
    throw new BadUserInput('orderBy.field', 'RELEVANCE orders the results of a query; give query as well');
  const name = cursorName(list, { field, descending: direction === 'DESC' });
  const read = (argument: 'after' | 'before') => {
    const cursor = args[argument];
    if (cursor == null) return undefined;
    const key = decodeCursor(argument, name, cursor);
    if (key.length === PARTS[field]) return key;
    throw new BadUserInput(argument, 'is not a cursor of this list; use pageInfo.endCursor or edges.cursor');
  };
  return {
    ...readSize(args, maxPageSize),
    order: { field, descending: direction === 'DESC' },
    after: read('after'),
    before: read('before'),
  };
}

const cursorName = (list: string, { field, descending }: PageOrder<string>) =>
  `${list}:${descending ? '-' : ''}${field}`;

/** Returns what the directory has found as a page of a connection. */
export function toPage<Row extends FoundRow, T>(
  list: string,
  order: PageOrder<string>,
  found: Found<Row>,
  nodeOf: (row: Row) => T,
  isComplete: boolean,
): DirectoryPage<T> {
  const name = cursorName(list, order);
  const edges = found.rows.map((row) => ({
    cursor: encodeCursor(name, row.key),
    matchedOn: row.matchedOn,
    // Only when it is selected, since it may need a call.
    get node() {
      return nodeOf(row);
    },
  }));
  const { totalCount, hasNextPage, hasPreviousPage } = found;
  return {
    edges,
    totalCount,
    isComplete,
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
