import type { Row } from '../upstream/errors.ts';
import { type BusinessIdentifier, businessKey, isUuid } from '../upstream/models/identifiers.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput, present } from './errors.ts';
import { checkIdentifier, type Merchant, merchantOf } from './merchant.ts';
import { compareText, cutPage, type Order, type Page, type PageArguments, readPage } from './page.ts';
import { linkExpiry } from './prefill-product-order.ts';
import type { ProductOrder } from './product-order-key.ts';
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
  const { loaders, limits } = context;
  const page = readPage(byKey, args, limits.maxPageSize);
  if (args.filter?.businessIdentifier)
    checkIdentifier('filter.businessIdentifier', args.filter.businessIdentifier);
  const rows = await loaders.productOrders.load(args.includeExpired ? 'with expired' : 'visible');
  return cutPage(select(rows, args.filter), page);
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
  return present(readable(await loaders.productOrders.load('visible')).find((order) => order.key === key));
}

function select(
  rows: Row<ProductOrder>[],
  filter: ProductOrderFilter | null | undefined,
): Row<ProductOrder>[] {
  if (!filter) return rows;
  const { status, type, productType, businessIdentifier } = filter;
  const business = businessIdentifier && businessKey(businessIdentifier);
  return readable(rows).filter(
    (order) =>
      (!status || status.includes(order.status)) &&
      (!type || (order.productOrderType !== undefined && type.includes(order.productOrderType))) &&
      (!productType || (order.productType !== undefined && productType.includes(order.productType))) &&
      (!business || businessKey(order.businessIdentifier) === business),
  );
}

// Orders carry no timestamp, so the id is the only order that does not change between two pages.
const byKey: Order<ProductOrder> = {
  name: 'productOrder',
  parts: 1,
  key: ({ key }) => [key],
  compare: ([left = ''], [right = '']) => compareText(left, right),
};
