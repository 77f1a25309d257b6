import { UpstreamContractError } from '../errors.ts';
import { isBusinessId, isBusinessScheme, isMsn, isUuid } from '../models/identifiers.ts';

const allowed = { msn: isMsn, scheme: isBusinessScheme, id: isBusinessId, productOrderId: isUuid };

/**
 * Returns a value that is safe as a part of a path. Input has been checked with a better message before, so a value that
 * fails here is an identifier from the upstream that violates the contract: throws {@link UpstreamContractError}.
 */
export function assertPathPart(route: string, name: keyof typeof allowed, value: string): string {
  if (!allowed[name](value)) throw new UpstreamContractError(`${name} must not be part of a path`, { route });
  return value;
}
