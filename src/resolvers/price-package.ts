import { isUuid } from '../upstream/models/identifiers.ts';
import type { Market, PricePackage } from '../upstream/models/price-package.ts';
import type { ProductType } from '../upstream/models/product-order.ts';
import type { Row } from '../upstream/row.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput } from './errors.ts';
import { keyOf } from './global-id.ts';
import { mayBeIn } from './leaf.ts';
import { type MaybePromise, mapValue } from './maybe-promise.ts';
import { derived } from './paging/derived.ts';
import { readable } from './rows.ts';

export interface PricePackageFilter {
  readonly productType?: readonly ProductType[] | null | undefined;
  readonly market?: readonly Market[] | null | undefined;
  readonly visibleInSignupForm?: boolean | null | undefined;
}

/** Returns one package, or null if the partner has none with that id. Throws {@link BadUserInput}. */
export function pricePackage(givenId: string, context: RequestContext): MaybePromise<PricePackage | null> {
  const pricePackageId = keyOf('PricePackage', givenId, 'pricePackageId');
  if (!isUuid(pricePackageId)) throw new BadUserInput('pricePackageId', 'must be a UUID');
  return pricePackageById(pricePackageId, context);
}

/** Returns the package with a valid id, or null if the partner has none with that id. */
export const pricePackageById = (id: string, { loaders }: RequestContext) =>
  mapValue(
    loaders.pricePackages.get('all'),
    (packages) => derived(packages, byId).get(id.toLowerCase()) ?? null,
  );

const byId = (packages: readonly Row<PricePackage>[]): ReadonlyMap<string, PricePackage> =>
  new Map(readable(packages).map((one) => [one.pricePackageId.toLowerCase(), one]));

/** Returns the partner's packages that match the filter. */
export const pricePackages = (
  filter: PricePackageFilter | null | undefined,
  { loaders }: RequestContext,
): MaybePromise<Row<PricePackage>[]> =>
  mapValue(loaders.pricePackages.get('all'), (rows) => (filter ? matching(rows, filter) : rows));

// Nobody knows whether an unreadable package matches, so it is returned as an error.
function matching(rows: readonly Row<PricePackage>[], filter: PricePackageFilter): Row<PricePackage>[] {
  const visible = filter.visibleInSignupForm == null ? undefined : new Set([filter.visibleInSignupForm]);
  // Sets, since a client may send lists as long as its request allows.
  const productType = filter.productType && new Set(filter.productType);
  const market = filter.market && new Set(filter.market);
  return rows.filter(
    (row) =>
      row instanceof Error ||
      (mayBeIn(productType, row.productType) &&
        mayBeIn(market, row.market) &&
        mayBeIn(visible, row.visibleInSignupForm)),
  );
}
