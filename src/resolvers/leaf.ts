import { UpstreamContractError } from '../upstream/errors.ts';
import { BROKEN, type Leaf } from '../upstream/models/broken.ts';

/** One error for all broken leaves of a route, since each takes a kilobyte and a list can have thousands. */
const errors = new Map<string, UpstreamContractError>();

/** Returns a leaf of an upstream object, null if it is absent. Throws {@link UpstreamContractError} if it is unreadable. */
export function leafOf<T>(value: Leaf<T | null | undefined>, route: string): T | null {
  if (value === BROKEN) throw brokenLeaf(route);
  return value ?? null;
}

/** Returns the items of a list, with an error in the place of each that is unreadable. */
export const leavesOf = <T>(
  list: Leaf<readonly Leaf<T>[]>,
  route: string,
): (T | UpstreamContractError)[] | null =>
  leafOf(list, route)?.map((item) => (item === BROKEN ? brokenLeaf(route) : item)) ?? null;

/** Whether a filter for these values finds a row. Nobody knows whether a broken leaf is one of them, so it is found. */
export const mayBeIn = <T>(wanted: ReadonlySet<T> | null | undefined, value: Leaf<T | undefined>): boolean =>
  !wanted || value === BROKEN || (value !== undefined && wanted.has(value));

function brokenLeaf(route: string): UpstreamContractError {
  const known =
    errors.get(route) ?? new UpstreamContractError('a field is unreadable', { route, status: 200 });
  errors.set(route, known);
  return known;
}
