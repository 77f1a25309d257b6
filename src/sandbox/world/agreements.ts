import type { BusinessIdentifier } from '../data/business-identifier.ts';
import type { World } from './world.ts';

/** Knows which businesses have a Merchant Agreement. One covers any number of orders (source: the API's guide). */
export interface Agreements {
  has(business: BusinessIdentifier): boolean;
  sign(business: BusinessIdentifier): void;
  /** Discards the agreements that were signed since the start. */
  clear(): void;
}

export function createAgreements(world: World): Agreements {
  const signed = new Set<string>();
  const keyOf = ({ scheme, id }: BusinessIdentifier) => `${scheme} ${id}`;
  return {
    has(business) {
      const merchant = world.merchantIndex(business.scheme, business.id);
      // An agreement that is being processed counts as well (source: the API's guide).
      return (
        signed.has(keyOf(business)) ||
        (merchant !== undefined && world.merchant(merchant).status === 'ACTIVE')
      );
    },
    sign: (business) => signed.add(keyOf(business)),
    clear: () => signed.clear(),
  };
}
