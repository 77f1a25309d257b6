import type { SearchFlag } from '../directory/search-query.ts';
import { BROKEN, unlessBroken } from '../upstream/models/broken.ts';
import { type BusinessIdentifier, isMsn } from '../upstream/models/identifiers.ts';
import type {
  SalesUnitConfiguration,
  SalesUnitDetails,
  SalesUnitSummary,
} from '../upstream/models/sales-unit.ts';
import type { Row } from '../upstream/row.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput, present } from './errors.ts';
import { keyOf } from './global-id.ts';
import { leafOf } from './leaf.ts';
import { type MaybePromise, mapValue } from './maybe-promise.ts';
import type { Merchant } from './merchant.ts';
import { merchantOf } from './merchant.ts';
import { derived } from './paging/derived.ts';
import { cutPage, type Page } from './paging/page.ts';
import { type PageArguments, type PageRequest, readPage } from './paging/page-request.ts';
import type { ProductOrder } from './product-order-key.ts';
import { readable } from './rows.ts';
import { type SalesUnitOrder, salesUnitOrders } from './sales-unit-order.ts';
import { type TextFilter, textTest } from './text-filter.ts';

/** A unit with what is known of it: a list has the summary, and its merchant or order adds the identifier. */
export type SalesUnit = SalesUnitSummary & Partial<Omit<SalesUnitDetails, keyof SalesUnitSummary>>;

const DETAILS = 'GET /management/v1/sales-units/{msn}';

export interface SalesUnitFilter extends Partial<Record<SearchFlag, boolean | null | undefined>> {
  readonly msn?: TextFilter | null | undefined;
  readonly name?: TextFilter | null | undefined;
  readonly merchantName?: TextFilter | null | undefined;
  readonly businessIdentifier?: BusinessIdentifier | null | undefined;
  readonly captureType?: readonly string[] | null | undefined;
  readonly countryCode?: readonly string[] | null | undefined;
}

export interface SalesUnitsArguments extends PageArguments {
  /** What a person typed. */
  readonly query?: string | null | undefined;
  readonly filter?: SalesUnitFilter | null | undefined;
  readonly orderBy?: SalesUnitOrder | null | undefined;
}

/** Returns one unit, or null if the caller cannot see it. Throws {@link BadUserInput}. */
export function salesUnit(msnOrId: string, context: RequestContext): MaybePromise<SalesUnit | null> {
  const msn = keyOf('SalesUnit', msnOrId, 'msn');
  if (!isMsn(msn)) throw new BadUserInput('msn', 'must be 4 to 10 digits');
  return salesUnitByMsn(msn, context);
}

/** Returns the unit with a valid number, or null if the caller cannot see it. */
export const salesUnitByMsn = (msn: string, { loaders }: RequestContext) => loaders.salesUnit.get(msn);

/** Returns a page of all units that the caller can see. One call, whatever the size of the page. */
export function salesUnits(
  args: SalesUnitsArguments,
  { loaders, limits, work }: RequestContext,
): MaybePromise<Page<SalesUnit>> {
  const page = readUnitsPage(args, limits.maxPageSize);
  return mapValue(loaders.salesUnits.get('all'), (rows) =>
    cutPage<SalesUnit>(rows, page, work, derived(args, unitTest)),
  );
}

/** Returns a page of one merchant's units, each with the merchant's business identifier. */
export function merchantSalesUnits(
  { businessIdentifier }: { businessIdentifier: BusinessIdentifier },
  args: SalesUnitsArguments,
  { loaders, limits, work }: RequestContext,
): MaybePromise<Page<SalesUnit>> {
  const page = readUnitsPage(args, limits.maxPageSize);
  return mapValue(loaders.merchantSalesUnits.get(businessIdentifier), (rows) => {
    // Each merchant has a list of its own, so the identifier is not part of the key.
    const units = derived(
      rows,
      () => rows.map((row): Row<SalesUnit> => withIdentifier(row, businessIdentifier)),
      withIdentifier,
    );
    return cutPage(units, page, work, derived(args, unitTest));
  });
}

const withIdentifier = (row: Row<SalesUnitSummary>, businessIdentifier: BusinessIdentifier) =>
  row instanceof Error ? row : { ...row, businessIdentifier };

export const businessIdentifier = (
  unit: SalesUnit,
  context: RequestContext,
): MaybePromise<BusinessIdentifier> =>
  unlessBroken(unit.businessIdentifier) ??
  mapValue(details(unit, context), (known) => present(leafOf(known.businessIdentifier, DETAILS)));

export const configuration = (
  unit: SalesUnit,
  context: RequestContext,
): MaybePromise<SalesUnitConfiguration> =>
  unlessBroken(unit.configuration) ??
  mapValue(details(unit, context), (known) => present(leafOf(known.configuration, DETAILS)));

/** `withDetails`: the operation selects fields of the merchant that need a call. */
export const merchantOfSalesUnit = (
  unit: SalesUnit,
  context: RequestContext,
  withDetails: boolean,
): MaybePromise<Merchant | null> =>
  mapValue(businessIdentifier(unit, context), (identifier) => merchantOf(identifier, context, withDetails));

/** Returns the order that became this unit, or null if no order that names the caller did. */
export const productOrderOfSalesUnit = (
  unit: SalesUnit,
  { loaders }: RequestContext,
): MaybePromise<ProductOrder | null> =>
  mapValue(
    loaders.productOrders.get('visible'),
    (orders) => derived(orders, bySalesUnit).get(unit.msn) ?? null,
  );

const details = (unit: SalesUnit, context: RequestContext): MaybePromise<SalesUnitDetails> =>
  mapValue(context.loaders.salesUnit.get(unit.msn), present);

// Each merchant of an operation has the same arguments.
function readUnitsPage(args: SalesUnitsArguments, maxPageSize: number): PageRequest<SalesUnit> {
  const { field = 'msn', direction = 'ASC' } = args.orderBy ?? {};
  const order = field === 'name' ? salesUnitOrders.name : salesUnitOrders.msn;
  const read = () => readPage(order[direction], args, maxPageSize);
  return derived(args, read, maxPageSize);
}

// The first order in the list wins if several name one unit.
function bySalesUnit(orders: readonly Row<ProductOrder>[]): ReadonlyMap<string, ProductOrder> {
  const index = new Map<string, ProductOrder>();
  for (const order of readable(orders))
    if (order.salesUnit && order.salesUnit !== BROKEN && !index.has(order.salesUnit.msn))
      index.set(order.salesUnit.msn, order);
  return index;
}

/** Returns a test of one unit; undefined without a filter. */
function unitTest({ filter }: SalesUnitsArguments): ((unit: SalesUnit) => boolean) | undefined {
  if (!filter) return undefined;
  const byMsn = textTest(filter.msn);
  const byName = textTest(filter.name);
  return ({ msn, name }) => byMsn(msn) && (name === BROKEN || byName(name));
}
