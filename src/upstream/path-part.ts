import { isBusinessId, isBusinessScheme, isMsn, isUuid } from './models/identifiers.ts';

const allowed = { msn: isMsn, scheme: isBusinessScheme, id: isBusinessId, productOrderId: isUuid };

/**
 * The last gate before a value becomes part of a URL. Input is checked with a better message before it comes here, so
 * that a refusal means a mistake of ours or an identifier of the upstream's that breaks its own contract.
 */
export function assertPathPart(name: keyof typeof allowed, value: string): string {
  if (!allowed[name](value)) throw new RangeError(`${name} is not fit for a path`);
  return value;
}
