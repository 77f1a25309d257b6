import { UpstreamContractError } from '../errors.ts';
import { isMsn, isPathSafe, isUuid } from '../models/identifiers.ts';

// The document limits schemes and ids of businesses in bodies, but not in paths.
const allowed = { msn: isMsn, scheme: isPathSafe, id: isPathSafe, productOrderId: isUuid };

/**
 * Returns a value as a part of a path. Input has been checked with a better message before, so a value that
 * fails here is an identifier from the upstream that violates the contract: throws {@link UpstreamContractError}.
 */
export function assertPathPart(route: string, name: keyof typeof allowed, value: string): string {
  if (!allowed[name](value)) throw new UpstreamContractError(`${name} must not be part of a path`, { route });
  return encodeURIComponent(value).replaceAll('%3A', ':');
}
