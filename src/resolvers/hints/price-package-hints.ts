import { unlessBroken } from '../../upstream/models/broken.ts';
import type { PricePackage } from '../../upstream/models/price-package.ts';
import { type Hint, type HintInput, hint } from './hint.ts';
import { marketOf } from './market.ts';

// Only these products have packages (source: OpenAPI document 2.0.9).
const priced: readonly string[] = ['PAYMENT_INTEGRATION', 'CASHIER', 'CHECKOUT'];

/** Returns the hint that the product has no price packages. */
export function* productHints({ pricePackageId, productType }: HintInput): Generator<Hint> {
  if (pricePackageId && !priced.includes(productType))
    yield hint(
      'PRICE_PACKAGE_NOT_FOR_PRODUCT',
      'pricePackageId',
      'Only PAYMENT_INTEGRATION, CASHIER and CHECKOUT have price packages.',
    );
}

/** Returns the hints that need the partner's price packages. */
export function pricePackageHints(request: HintInput, packages: readonly PricePackage[]): Hint[] {
  const { pricePackageId, productType, businessIdentifier } = request;
  if (!pricePackageId || !priced.includes(productType)) return [];
  const id = pricePackageId.toLowerCase();
  const found = packages.find((candidate) => candidate.pricePackageId.toLowerCase() === id);
  if (!found)
    return [hint('PRICE_PACKAGE_UNKNOWN', 'pricePackageId', 'No visible price package has this ID.')];
  const hints: Hint[] = [];
  const forProduct = unlessBroken(found.productType);
  if (forProduct && forProduct !== 'UNKNOWN' && forProduct !== productType)
    hints.push(
      hint('PRICE_PACKAGE_OTHER_PRODUCT', 'pricePackageId', `The price package is for ${forProduct}.`),
    );
  const market = marketOf(businessIdentifier.scheme);
  const forMarket = unlessBroken(found.market);
  if (forMarket && forMarket !== 'UNKNOWN' && market && forMarket !== market)
    hints.push(
      hint(
        'PRICE_PACKAGE_OTHER_MARKET',
        'pricePackageId',
        `The price package is for the country ${forMarket}.`,
      ),
    );
  return hints;
}
