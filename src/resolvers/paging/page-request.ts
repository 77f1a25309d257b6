import { BadUserInput } from '../errors.ts';
import { type Position, readPosition } from './position.ts';
import type { SortOrder } from './sort-order.ts';

/** Relay's paging arguments. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** The size of a page when the caller gives none. */
export const DEFAULT_PAGE_SIZE = 50;

/** The requested page, all arguments checked. */
export interface PageRequest<T> {
  readonly order: SortOrder<T>;
  readonly size: number;
  readonly fromEnd: boolean;
  readonly after: Position | undefined;
  readonly before: Position | undefined;
}

/** Returns the checked arguments. Throws {@link BadUserInput} that names the invalid argument. */
export function readPage<T>(order: SortOrder<T>, args: PageArguments, maxPageSize: number): PageRequest<T> {
  const { size, fromEnd } = readSize(args, maxPageSize);
  const after = readPosition('after', order, args.after);
  const before = readPosition('before', order, args.before);
  return { order, size, fromEnd, after, before };
}

/** Returns how many rows are asked for, and from which end. Throws {@link BadUserInput}. */
export function readSize(
  { first, last }: PageArguments,
  maxPageSize: number,
): Pick<PageRequest<unknown>, 'size' | 'fromEnd'> {
  if (first != null && last != null) throw new BadUserInput('last', 'cannot be combined with first');
  const fromEnd = last != null;
  const [name, size] = fromEnd
    ? ['last', last]
    : ['first', first ?? Math.min(DEFAULT_PAGE_SIZE, maxPageSize)];
  if (size < 0) throw new BadUserInput(name, 'must not be negative');
  if (size > maxPageSize)
    throw new BadUserInput(name, `must be at most ${maxPageSize}; use after to get the next page`);
  return { size, fromEnd };
}
