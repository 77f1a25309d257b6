import { UpstreamContractError } from '../upstream/errors.ts';
import { BROKEN, type Leaf } from '../upstream/models/broken.ts';

/** Returns a leaf of an upstream object, null if it is absent. Throws {@link UpstreamContractError} if it is unreadable. */
export function leafOf<T>(value: Leaf<T | null | undefined>, route: string): T | null {
  if (value === BROKEN) throw new UpstreamContractError('a field is unreadable', { route, status: 200 });
  return value ?? null;
}
