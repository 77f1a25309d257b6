import { type BusinessIdentifier, isMsn } from '../upstream/models/identifiers.ts';
import type {
  SalesUnitConfiguration,
  SalesUnitDetails,
  SalesUnitSummary,
} from '../upstream/models/sales-unit.ts';
import type { Row } from '../upstream/row.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput, present } from './errors.ts';
import type { Merchant } from './merchant.ts';
import { merchantOf } from './merchant.ts';
import { derived } from './paging/derived.ts';
import {
  compareText,
  cutPage,
  type Page,
  type PageArguments,
  type PageRequest,
  readPage,
} from './paging/page.ts';
import type { SortOrder } from './paging/placed.ts';
import type { ProductOrder } from './product-order-key.ts';
import { readable } from './rows.ts';
import { type TextFilter, textTest } from './text-filter.ts';

/** A unit with what is known of it so far: a list tells the summary, its merchant or order adds the identifier. */
export type SalesUnit = SalesUnitSummary & Partial<Omit<SalesUnitDetails, keyof SalesUnitSummary>>;

export interface SalesUnitFilter {
  readonly msn?: TextFilter | null | undefined;
  readonly name?: TextFilter | null | undefined;
}

export interface SalesUnitOrder {
  readonly field: 'msn' | 'name';
  readonly direction: 'ASC' | 'DESC';
}

export interface SalesUnitsArguments extends PageArguments {
  readonly filter?: SalesUnitFilter | null | undefined;
  readonly orderBy?: SalesUnitOrder | null | undefined;
}

/** One unit by its number; null when the caller cannot see it. Throws {@link BadUserInput}. */
export async function salesUnit(msn: string, { loaders }: RequestContext): Promise<SalesUnit | null> {
  if (!isMsn(msn)) throw new BadUserInput('msn', 'must be 4 to 10 digits');
  return loaders.salesUnit.load(msn);
}

/** The unit for the number in a global id. Throws {@link BadUserInput} or `NotVisible`. */
export async function salesUnitByMsn(msn: string, context: RequestContext): Promise<SalesUnit> {
  return present(await salesUnit(msn, context));
}

/** A page of all units that the caller can see: one call, however many rows. */
export async function salesUnits(
  args: SalesUnitsArguments,
  { loaders, limits, work }: RequestContext,
): Promise<Page<SalesUnit>> {
  const page = readUnitsPage(args, limits.maxPageSize);
  return cutPage<SalesUnit>(await loaders.salesUnits.load('all'), page, work, unitTest(args.filter));
}

/** A page of one merchant's units, which know their business identifier without a call of their own. */
export async function merchantSalesUnits(
  { businessIdentifier }: { businessIdentifier: BusinessIdentifier },
  args: SalesUnitsArguments,
  { loaders, limits, work }: RequestContext,
): Promise<Page<SalesUnit>> {
  const page = readUnitsPage(args, limits.maxPageSize);
  const rows = await loaders.merchantSalesUnits.load(businessIdentifier);
  // The list of one merchant is never that of another, so the identifier needs no part in the key.
  const units = derived(
    rows,
    () => rows.map((row): Row<SalesUnit> => withIdentifier(row, businessIdentifier)),
    withIdentifier,
  );
  return cutPage(units, page, work, unitTest(args.filter));
}

const withIdentifier = (row: Row<SalesUnitSummary>, businessIdentifier: BusinessIdentifier) =>
  row instanceof Error ? row : { ...row, businessIdentifier };

export function businessIdentifier(
  unit: SalesUnit,
  context: RequestContext,
): BusinessIdentifier | Promise<BusinessIdentifier> {
  return unit.businessIdentifier ?? details(unit, context).then((known) => known.businessIdentifier);
}

export function configuration(
  unit: SalesUnit,
  context: RequestContext,
): SalesUnitConfiguration | Promise<SalesUnitConfiguration> {
  return unit.configuration ?? details(unit, context).then((known) => known.configuration);
}

/** `withDetails`: the query asks for something that only a call for the merchant tells. */
export async function merchantOfSalesUnit(
  unit: SalesUnit,
  context: RequestContext,
  withDetails: boolean,
): Promise<Merchant | null> {
  return merchantOf(await businessIdentifier(unit, context), context, withDetails);
}

/** The order that became this unit; null when none that names the caller did. */
export async function productOrderOfSalesUnit(
  unit: SalesUnit,
  { loaders }: RequestContext,
): Promise<ProductOrder | null> {
  const orders = await loaders.productOrders.load('visible');
  return derived(orders, bySalesUnit).get(unit.msn) ?? null;
}

async function details({ msn }: SalesUnit, { loaders }: RequestContext): Promise<SalesUnitDetails> {
  return present(await loaders.salesUnit.load(msn));
}

function readUnitsPage(args: SalesUnitsArguments, maxPageSize: number): PageRequest<SalesUnit> {
  const { field = 'msn', direction = 'ASC' } = args.orderBy ?? {};
  return readPage(orders[field][direction], args, maxPageSize);
}

// The first of several, as the list has them.
function bySalesUnit(orders: readonly Row<ProductOrder>[]): ReadonlyMap<string, ProductOrder> {
  const index = new Map<string, ProductOrder>();
  for (const order of readable(orders))
    if (order.salesUnit && !index.has(order.salesUnit.msn)) index.set(order.salesUnit.msn, order);
  return index;
}

/** A test for one unit; undefined when all pass. */
function unitTest(filter: SalesUnitFilter | null | undefined): ((unit: SalesUnit) => boolean) | undefined {
  if (!filter) return undefined;
  const byMsn = textTest(filter.msn);
  const byName = textTest(filter.name);
  return ({ msn, name }) => byMsn(msn) && byName(name);
}

// Numbers of different length must not sort as text: 99999 comes before 100000.
const compareMsn = (left = '', right = '') => left.length - right.length || compareText(left, right);
const collator = new Intl.Collator('nb');

const ascending: Record<SalesUnitOrder['field'], SortOrder<SalesUnit>> = {
  msn: {
    name: 'msn',
    parts: 1,
    key: ({ msn }) => [msn],
    compare: ([left], [right]) => compareMsn(left, right),
  },
  name: {
    name: 'name',
    parts: 2,
    key: ({ name, msn }) => [name, msn],
    compare: ([leftName = '', leftMsn], [rightName = '', rightMsn]) =>
      collator.compare(leftName, rightName) || compareMsn(leftMsn, rightMsn),
  },
};

const descending = ({ name, parts, key, compare }: SortOrder<SalesUnit>): SortOrder<SalesUnit> => ({
  name: `-${name}`,
  parts,
  key,
  compare: (left, right) => compare(right, left),
});

const orders = {
  msn: { ASC: ascending.msn, DESC: descending(ascending.msn) },
  name: { ASC: ascending.name, DESC: descending(ascending.name) },
};
