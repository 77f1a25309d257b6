import { type BusinessIdentifier, businessKey, isUuid } from '../upstream/models/identifiers.ts';
import type { Row } from '../upstream/row.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput, present } from './errors.ts';
import { linkOf } from './link.ts';
import { checkIdentifier, type Merchant, merchantOf } from './merchant.ts';
import { derived } from './paging/derived.ts';
import { compareText, cutPage, type Page, type PageArguments, readPage } from './paging/page.ts';
import type { SortOrder } from './paging/placed.ts';
import { linkExpiry } from './prefill-product-order.ts';
import { byKey, type ProductOrder } from './product-order-key.ts';
import { readable } from './rows.ts';
import type { SalesUnit } from './sales-unit.ts';

export interface ProductOrderFilter {
  readonly status?: readonly ProductOrder['status'][] | null | undefined;
  readonly type?: readonly NonNullable<ProductOrder['productOrderType']>[] | null | undefined;
  readonly productType?: readonly NonNullable<ProductOrder['productType']>[] | null | undefined;
  readonly businessIdentifier?: BusinessIdentifier | null | undefined;
}

export interface ProductOrdersArguments extends PageArguments {
  readonly filter?: ProductOrderFilter | null | undefined;
  readonly includeExpired?: boolean | null | undefined;
}

/** One order by its id; null when it does not name the caller. Throws {@link BadUserInput}. */
export async function productOrder(
  productOrderId: string,
  { loaders }: RequestContext,
): Promise<ProductOrder | null> {
  if (!isUuid(productOrderId)) throw new BadUserInput('productOrderId', 'must be a UUID');
  return loaders.productOrder.load(productOrderId.toLowerCase());
}

/** A page of the orders that name the caller: one call, whatever the filter. */
export async function productOrders(
  args: ProductOrdersArguments,
  context: RequestContext,
): Promise<Page<ProductOrder>> {
  const { loaders, limits, work } = context;
  const page = readPage(byId, args, limits.maxPageSize);
  const { businessIdentifier } = args.filter ?? {};
  if (businessIdentifier) checkIdentifier('filter.businessIdentifier', businessIdentifier);
  const all = await loaders.productOrders.load(args.includeExpired ? 'with expired' : 'visible');
  const rows = businessIdentifier ? ordersOf(businessIdentifier, all) : all;
  return cutPage(rows, page, work, orderTest(args.filter));
}

/** A page of one merchant's orders, cut from the same list. */
export function merchantProductOrders(
  { businessIdentifier }: Pick<Merchant, 'businessIdentifier'>,
  args: ProductOrdersArguments,
  context: RequestContext,
): Promise<Page<ProductOrder>> {
  return productOrders({ ...args, filter: { ...args.filter, businessIdentifier } }, context);
}

export function merchantOfProductOrder(
  { businessIdentifier }: ProductOrder,
  context: RequestContext,
  withDetails: boolean,
): Promise<Merchant | null> {
  return merchantOf(businessIdentifier, context, withDetails);
}

/** The unit that the order became: it belongs to the order's merchant, so its identifier is known already. */
export function salesUnitOfProductOrder({ salesUnit, businessIdentifier }: ProductOrder): SalesUnit | null {
  return salesUnit ? { ...salesUnit, businessIdentifier } : null;
}

/** The link for the merchant; null when there is none. Throws `UpstreamContractError` when it is not a safe one. */
export const urlOfProductOrder = ({ productOrderUrl }: ProductOrder) =>
  linkOf(productOrderUrl, 'GET /management/v2/product-orders');

/** When the link stops working, as RFC 3339 text; null unless this gateway made the order. */
export async function expiryOfProductOrder(
  { productOrderId, productOrderType }: ProductOrder,
  { loaders }: RequestContext,
): Promise<string | null> {
  if (productOrderId === undefined || productOrderType !== 'PREFILL') return null;
  const madeAt = await loaders.productOrderMadeAt.load(productOrderId);
  return madeAt === undefined ? null : linkExpiry(madeAt);
}

/** The order for the key in a global id. Throws `NotVisible`. */
export async function productOrderByKey(key: string, { loaders }: RequestContext): Promise<ProductOrder> {
  if (isUuid(key)) return present(await loaders.productOrder.load(key.toLowerCase()));
  return present(derived(await loaders.productOrders.load('visible'), byKey).get(key));
}

const NONE: readonly Row<ProductOrder>[] = [];

/** The readable orders of one business. Made for all businesses at once: a page of merchants asks for each of them. */
const ordersOf = (business: BusinessIdentifier, orders: readonly Row<ProductOrder>[]) =>
  derived(orders, byBusiness).get(businessKey(business)) ?? NONE;

const byBusiness = (orders: readonly Row<ProductOrder>[]): ReadonlyMap<string, readonly ProductOrder[]> =>
  Map.groupBy(readable(orders), (order) => businessKey(order.businessIdentifier));

/** A test for one order, its business left out; undefined when all pass. */
function orderTest(
  filter: ProductOrderFilter | null | undefined,
): ((order: ProductOrder) => boolean) | undefined {
  if (!filter) return undefined;
  // Sets, since a client may give a list as long as its request.
  const status = filter.status && new Set(filter.status);
  const type = filter.type && new Set(filter.type);
  const productType = filter.productType && new Set(filter.productType);
  if (!status && !type && !productType) return filter.businessIdentifier ? undefined : () => true;
  return (order) =>
    (!status || status.has(order.status)) &&
    (!type || (order.productOrderType !== undefined && type.has(order.productOrderType))) &&
    (!productType || (order.productType !== undefined && productType.has(order.productType)));
}

// Orders carry no timestamp, so the id is the only order that does not change between two pages.
const byId: SortOrder<ProductOrder> = {
  name: 'productOrder',
  parts: 1,
  key: ({ key }) => [key],
  compare: ([left = ''], [right = '']) => compareText(left, right),
};
