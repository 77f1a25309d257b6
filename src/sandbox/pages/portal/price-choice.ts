import { countryOfScheme } from '../../data/merchant.ts';
import type { PrefillRequest } from '../../data/prefill-request.ts';
import type { PricePackage } from '../../data/price-package.ts';

export type PriceChoice =
  /** Settled by the partner: the form shows no price (source: the API's guide). */
  | { readonly kind: 'settled'; readonly name?: string; readonly id: string }
  | { readonly kind: 'open'; readonly choices: readonly PricePackage[] }
  /** The product has no price package, or the partner none that it shows. */
  | { readonly kind: 'none' };

/** What the form does about the price. `given` is the package that the partner put into the order. */
export function choosePrice(
  { businessIdentifier, productType }: PrefillRequest,
  given: string | null | undefined,
  packages: readonly PricePackage[],
): PriceChoice {
  if (given) {
    const id = given.toLowerCase();
    const name = packages.find(({ pricePackageId }) => pricePackageId === id)?.name;
    return { kind: 'settled', id, ...(name !== undefined && { name }) };
  }
  const market = countryOfScheme(businessIdentifier.scheme).code;
  const fitting = packages.filter((one) => one.productType === productType && one.market === market);
  const [first, ...others] = fitting;
  // Hidden when the partner has only one (source: the API's guide): one at all, or one that fits the order.
  const only = others.length === 0 ? (first ?? (packages.length === 1 ? packages[0] : undefined)) : undefined;
  if (only) return { kind: 'settled', id: only.pricePackageId, name: only.name };
  const choices = fitting.filter(({ visibleInSignupForm }) => visibleInSignupForm);
  return choices.length > 0 ? { kind: 'open', choices } : { kind: 'none' };
}
