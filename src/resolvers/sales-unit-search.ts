import type { FoundUnit, UnitConditions, UnitFacets } from '../directory/directory-index.ts';
import {
  readSearchQuery,
  type SearchFlag,
  type SearchQuery,
  searchFlags,
} from '../directory/search-query.ts';
import { type BusinessIdentifier, businessKey } from '../upstream/models/identifiers.ts';
import type { RequestContext } from './context.ts';
import { type DirectoryPage, directoryOf, readDirectoryPage, toPage } from './directory-page.ts';
import { BadUserInput } from './errors.ts';
import { type MaybePromise, mapValue } from './maybe-promise.ts';
import { checkScheme, type Merchant } from './merchant.ts';
import type { Page } from './paging/page.ts';
import {
  merchantSalesUnits,
  type SalesUnit,
  type SalesUnitFilter,
  type SalesUnitsArguments,
  salesUnits,
} from './sales-unit.ts';

/** What a page of units is cut of, in the terms of the directory. */
export interface SalesUnitSelection {
  readonly query: SearchQuery | undefined;
  readonly conditions: UnitConditions;
}

/** Filters that no list of the upstream answers. */
const directoryFilters = [
  'merchantName',
  'businessIdentifier',
  'captureType',
  'countryCode',
  ...Object.values(searchFlags),
] as const satisfies readonly (keyof SalesUnitFilter)[];

/** Whether only the directory can answer: the upstream's lists have nothing but numbers and names. */
export function needsDirectory({ query, filter, orderBy }: SalesUnitsArguments): boolean {
  return (
    query != null ||
    orderBy?.field === 'merchantName' ||
    orderBy?.field === 'relevance' ||
    (filter != null && directoryFilters.some((name) => filter[name] != null))
  );
}

/** Returns what the arguments select. Throws {@link BadUserInput}. */
function selectionOf(
  { query, filter }: SalesUnitsArguments,
  merchant?: BusinessIdentifier,
): SalesUnitSelection {
  const asked = filter?.businessIdentifier;
  if (asked) checkScheme('filter.businessIdentifier', asked);
  const isOther = asked && merchant && businessKey(asked) !== businessKey(merchant);
  if (isOther)
    throw new BadUserInput('filter.businessIdentifier', 'is another business than the merchant of this list');
  const flags = new Map<SearchFlag, boolean>();
  for (const flag of Object.values(searchFlags)) {
    const value = filter?.[flag];
    if (value != null) flags.set(flag, value);
  }
  const { msn, name, merchantName, captureType, countryCode } = filter ?? {};
  return {
    query: query == null ? undefined : readSearchQuery(query),
    conditions: {
      msn,
      name,
      merchantName,
      captureType,
      countryCode,
      businessIdentifier: merchant ?? asked,
      flags,
    },
  };
}

/** Returns a page of units that the directory has cut, with all that it knows of them. No call. */
async function searchSalesUnits(
  args: SalesUnitsArguments,
  context: RequestContext,
  merchant?: BusinessIdentifier,
): Promise<DirectoryPage<SalesUnit>> {
  const { field = args.query?.trim() ? 'relevance' : 'msn', direction = 'ASC' } = args.orderBy ?? {};
  const request = readDirectoryPage('units', { field, direction }, args, context.limits.maxPageSize);
  const selection = selectionOf(args, merchant);
  const directory = directoryOf(context);
  const [found, { isComplete }] = await Promise.all([
    directory.units({ ...request, ...selection }),
    directory.status(),
  ]);
  return toPage('units', request.order, found, (unit) => toSalesUnit(unit, context), isComplete);
}

/** Returns the unit. What the directory knows of it and of its merchant needs no call in this operation. */
function toSalesUnit(
  { msn, name, details, merchant }: FoundUnit,
  { loaders, fromDirectory }: RequestContext,
): SalesUnit {
  if (details) loaders.salesUnit.offer(msn, () => fromDirectory(details));
  if (merchant?.value)
    loaders.merchant.offer(merchant.value.businessIdentifier, () => fromDirectory(merchant));
  return { msn, name };
}

/** Counts the values of all units of a page's list. */
export const salesUnitFacets = (
  selection: SalesUnitSelection,
  context: RequestContext,
): Promise<UnitFacets> => directoryOf(context).facets(selection);

/** A page of units, and what it was cut of, for counts over the whole list. */
export type SalesUnitPage = DirectoryPage<SalesUnit> & { readonly selection: () => SalesUnitSelection };

/** Returns a page of all units that the caller can see: of the upstream's list, or of the directory if only that can answer. */
export const salesUnitPage = (
  args: SalesUnitsArguments,
  context: RequestContext,
): MaybePromise<SalesUnitPage> =>
  mapValue(needsDirectory(args) ? searchSalesUnits(args, context) : salesUnits(args, context), (page) =>
    withSelection(page, () => selectionOf(args)),
  );

/** Returns a page of one merchant's units. */
export const merchantSalesUnitPage = (
  merchant: Pick<Merchant, 'businessIdentifier'>,
  args: SalesUnitsArguments,
  context: RequestContext,
): MaybePromise<SalesUnitPage> => {
  const { businessIdentifier } = merchant;
  return mapValue(
    needsDirectory(args)
      ? searchSalesUnits(args, context, businessIdentifier)
      : merchantSalesUnits(merchant, args, context),
    (page) => withSelection(page, () => selectionOf(args, businessIdentifier)),
  );
};

// A page creates its edges when they are read, so it must stay the same object.
const withSelection = (page: Page<SalesUnit>, selection: () => SalesUnitSelection): SalesUnitPage =>
  Object.assign(page, { selection });
