import { BROKEN } from '../upstream/models/broken.ts';
import { type BusinessIdentifier, businessKey, isUuid } from '../upstream/models/identifiers.ts';
import type { ProductOrderStatus, ProductOrderType, ProductType } from '../upstream/models/product-order.ts';
import type { Row } from '../upstream/row.ts';
import type { RequestContext } from './context.ts';
import { directoryOf } from './directory-page.ts';
import { BadUserInput, present } from './errors.ts';
import { keyOf } from './global-id.ts';
import { leafOf, mayBeIn } from './leaf.ts';
import { linkOf } from './link.ts';
import { type MaybePromise, mapValue } from './maybe-promise.ts';
import { checkScheme, type Merchant, merchantOf } from './merchant.ts';
import { compareText } from './paging/compare-text.ts';
import { derived } from './paging/derived.ts';
import { cutPage, type Page } from './paging/page.ts';
import { type PageArguments, readPage } from './paging/page-request.ts';
import type { SortOrder } from './paging/sort-order.ts';
import { linkExpiry } from './prefill-product-order.ts';
import { byKey, type ProductOrder } from './product-order-key.ts';
import { readable } from './rows.ts';
import type { SalesUnit } from './sales-unit.ts';

const LIST = 'GET /management/v2/product-orders';

export interface ProductOrderFilter {
  readonly status?: readonly ProductOrderStatus[] | null | undefined;
  readonly type?: readonly ProductOrderType[] | null | undefined;
  readonly productType?: readonly ProductType[] | null | undefined;
  readonly businessIdentifier?: BusinessIdentifier | null | undefined;
  /** In RFC 3339. */
  readonly statusSinceBefore?: string | null | undefined;
}

export interface ProductOrdersArguments extends PageArguments {
  readonly filter?: ProductOrderFilter | null | undefined;
  readonly includeExpired?: boolean | null | undefined;
}

/** Returns one order, or null if it does not name the caller as partner. Throws {@link BadUserInput}. */
export function productOrder(givenId: string, context: RequestContext): MaybePromise<ProductOrder | null> {
  const productOrderId = keyOf('ProductOrder', givenId, 'productOrderId');
  // The global id of an order without an id of its own.
  if (productOrderId !== givenId && !isUuid(productOrderId))
    return productOrderByKey(productOrderId, context);
  if (!isUuid(productOrderId)) throw new BadUserInput('productOrderId', 'must be a UUID');
  return context.loaders.productOrder.get(productOrderId.toLowerCase());
}

/** Returns the order with this key of a global id, or null if the caller cannot see it. */
export const productOrderByKey = (
  key: string,
  { loaders }: RequestContext,
): MaybePromise<ProductOrder | null> =>
  isUuid(key)
    ? loaders.productOrder.get(key.toLowerCase())
    : mapValue(loaders.productOrders.get('visible'), (orders) => derived(orders, byKey).get(key) ?? null);

/** Returns a page of the orders that name the caller as partner. One call, whatever the filter. */
export function productOrders(
  args: ProductOrdersArguments,
  context: RequestContext,
): MaybePromise<Page<ProductOrder>> {
  return ordersPage(args, args.filter?.businessIdentifier, context);
}

function ordersPage(
  args: ProductOrdersArguments,
  businessIdentifier: BusinessIdentifier | null | undefined,
  context: RequestContext,
): MaybePromise<Page<ProductOrder>> {
  const { loaders, limits, work } = context;
  // Each merchant of an operation has the same arguments.
  const page = derived(args, () => readPage(byId, args, limits.maxPageSize), limits.maxPageSize);
  const filtered = args.filter?.businessIdentifier;
  if (filtered) checkScheme('filter.businessIdentifier', filtered);
  const orders = loaders.productOrders.get(args.includeExpired ? 'with expired' : 'visible');
  return mapValue(orders, (list) => {
    const rows = businessIdentifier ? ordersOf(businessIdentifier, list) : list;
    // A filter leaves out unreadable rows. Those of one business are readable.
    const all = args.filter && !businessIdentifier ? () => true : undefined;
    const passes = derived(args, orderTest) ?? all;
    const before = args.filter?.statusSinceBefore;
    if (before == null) return cutPage(rows, page, work, passes);
    return statusIsOlder(rows, Date.parse(before), context).then((isOlder) =>
      cutPage(rows, page, work, (order) => isOlder(order) && (passes?.(order) ?? true)),
    );
  });
}

/** Returns a test for orders whose status was seen before a time, and has not changed since. */
async function statusIsOlder(rows: readonly Row<ProductOrder>[], time: number, context: RequestContext) {
  const times = await directoryOf(context).productOrderTimes(readable(rows).map(({ key }) => key));
  return ({ key }: ProductOrder) => (times.get(key)?.statusSince ?? Number.POSITIVE_INFINITY) < time;
}

/** Returns when the gateway saw the order; undefined without a directory, or before it has seen it. */
export function timesOfProductOrder({ key }: ProductOrder, { directory, loaders, usesLive }: RequestContext) {
  if (directory) usesLive();
  return loaders.productOrderTimes.get(key);
}

/** Returns a page of one merchant's orders, from the same list. */
export function merchantProductOrders(
  { businessIdentifier }: Pick<Merchant, 'businessIdentifier'>,
  args: ProductOrdersArguments,
  context: RequestContext,
): MaybePromise<Page<ProductOrder>> {
  return ordersPage(args, businessIdentifier, context);
}

const identifierOf = (identifier: ProductOrder['businessIdentifier']) => present(leafOf(identifier, LIST));

export const businessOfProductOrder = ({ businessIdentifier }: ProductOrder) =>
  leafOf(businessIdentifier, LIST);

export function merchantOfProductOrder(
  { businessIdentifier }: ProductOrder,
  context: RequestContext,
  withDetails: boolean,
): MaybePromise<Merchant | null> {
  return merchantOf(identifierOf(businessIdentifier), context, withDetails);
}

/** Returns the unit that the order became. It belongs to the order's merchant, so its business identifier is known. */
export function salesUnitOfProductOrder({ salesUnit, businessIdentifier }: ProductOrder): SalesUnit | null {
  const unit = leafOf(salesUnit, LIST);
  return unit && { ...unit, businessIdentifier };
}

/** Returns the link for the merchant, or null if there is none. Throws `UpstreamContractError` for an unsafe link. */
export const urlOfProductOrder = ({ productOrderUrl }: ProductOrder) => linkOf(productOrderUrl, LIST);

/** Returns when the link stops working, as RFC 3339 text; null unless this gateway created the order. */
export function expiryOfProductOrder(
  { productOrderId, productOrderType }: ProductOrder,
  { loaders }: RequestContext,
): MaybePromise<string | null> {
  if (productOrderId === undefined || productOrderType !== 'PREFILL') return null;
  return mapValue(loaders.productOrderMadeAt.get(productOrderId), (madeAt) =>
    madeAt === undefined ? null : linkExpiry(madeAt),
  );
}

const NONE: readonly Row<ProductOrder>[] = [];

/** Returns the readable orders of one business. Indexed for all businesses, since a page of merchants needs each one. */
const ordersOf = (business: BusinessIdentifier, orders: readonly Row<ProductOrder>[]) =>
  derived(orders, byBusiness).get(businessKey(business)) ?? NONE;

function byBusiness(orders: readonly Row<ProductOrder>[]): ReadonlyMap<string, readonly ProductOrder[]> {
  const groups = Map.groupBy(readable(orders), ({ businessIdentifier }) =>
    businessIdentifier === BROKEN ? '' : businessKey(businessIdentifier),
  );
  groups.delete('');
  return groups;
}

/** Returns a test of everything but the business; undefined if every order passes. */
function orderTest({ filter }: ProductOrdersArguments): ((order: ProductOrder) => boolean) | undefined {
  if (!filter) return undefined;
  // Sets, since a client may send lists as long as its request allows.
  const status = filter.status && new Set(filter.status);
  const type = filter.type && new Set(filter.type);
  const productType = filter.productType && new Set(filter.productType);
  if (!status && !type && !productType) return undefined;
  return (order) =>
    mayBeIn(status, order.status) &&
    // A missing type is shown as UNKNOWN.
    mayBeIn(type, order.productOrderType ?? 'UNKNOWN') &&
    mayBeIn(productType, order.productType);
}

// Orders have no timestamp, so the key is the only sort order that stays the same between two pages.
const byId: SortOrder<ProductOrder> = {
  name: 'productOrder',
  parts: 1,
  key: ({ key }) => [key],
  compare: ([left = ''], [right = '']) => compareText(left, right),
};
