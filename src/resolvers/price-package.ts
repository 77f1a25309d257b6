import { isUuid } from '../upstream/models/identifiers.ts';
import type { PricePackage } from '../upstream/models/price-package.ts';
import type { Row } from '../upstream/row.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput, present } from './errors.ts';
import { derived } from './paging/derived.ts';
import { readable } from './rows.ts';

export interface PricePackageFilter {
  readonly productType?: readonly NonNullable<PricePackage['productType']>[] | null | undefined;
  readonly market?: readonly NonNullable<PricePackage['market']>[] | null | undefined;
  readonly visibleInSignupForm?: boolean | null | undefined;
}

/** One package by its id; null when the caller has none of that id. Throws {@link BadUserInput}. */
export async function pricePackage(
  pricePackageId: string,
  { loaders }: RequestContext,
): Promise<PricePackage | null> {
  if (!isUuid(pricePackageId)) throw new BadUserInput('pricePackageId', 'must be a UUID');
  const id = pricePackageId.toLowerCase();
  return derived(await loaders.pricePackages.load('all'), byId).get(id) ?? null;
}

const byId = (packages: readonly Row<PricePackage>[]): ReadonlyMap<string, PricePackage> =>
  new Map(readable(packages).map((one) => [one.pricePackageId.toLowerCase(), one]));

/** The package for the id in a global id. Throws {@link BadUserInput} or `NotVisible`. */
export async function pricePackageById(id: string, context: RequestContext): Promise<PricePackage> {
  return present(await pricePackage(id, context));
}

/** All packages of the partner that pass the filter. */
export async function pricePackages(
  filter: PricePackageFilter | null | undefined,
  { loaders }: RequestContext,
): Promise<Row<PricePackage>[]> {
  const rows = await loaders.pricePackages.load('all');
  if (!filter) return rows;
  const { visibleInSignupForm } = filter;
  // Sets, since a client may give a list as long as its request.
  const productType = filter.productType && new Set(filter.productType);
  const market = filter.market && new Set(filter.market);
  return readable(rows).filter(
    (row) =>
      (!productType || (row.productType !== undefined && productType.has(row.productType))) &&
      (!market || (row.market !== undefined && market.has(row.market))) &&
      (visibleInSignupForm == null || row.visibleInSignupForm === visibleInSignupForm),
  );
}
