import { UpstreamContractError } from '../errors.ts';
import { isBusinessId, isBusinessScheme, isMsn, isUuid } from '../models/identifiers.ts';

const allowed = { msn: isMsn, scheme: isBusinessScheme, id: isBusinessId, productOrderId: isUuid };

/**
 * The last gate before a value becomes part of a URL. Input is checked with a better message before it comes here, so
 * that what is refused is an identifier of the upstream's that breaks its own contract: {@link UpstreamContractError}.
 */
export function assertPathPart(route: string, name: keyof typeof allowed, value: string): string {
  if (!allowed[name](value)) throw new UpstreamContractError(`${name} is not fit for a path`, { route });
  return value;
}
