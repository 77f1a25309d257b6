import { unlessBroken } from '../upstream/models/broken.ts';
import { businessKey } from '../upstream/models/identifiers.ts';
import type { ProductOrder as UpstreamOrder } from '../upstream/models/product-order.ts';
import type { Row } from '../upstream/row.ts';
import { readable } from './rows.ts';

/** An order with its key: its id, or another text for TEMPLATE and MANUAL orders without an id. */
export type ProductOrder = UpstreamOrder & { readonly key: string };

/**
 * Returns the orders with their keys. The key of an order without an id is made of the fields that never change, and a
 * number if several orders have the same fields.
 */
export function withKeys(rows: readonly Row<UpstreamOrder>[]): Row<ProductOrder>[] {
  const alike = new Map<string, number>();
  return rows.map((row) => {
    if (row instanceof Error) return row;
    if (row.productOrderId) return withKey(row, row.productOrderId.toLowerCase());
    const { productOrderType, productType, businessIdentifier } = row;
    const kind = [unlessBroken(productOrderType) ?? '', unlessBroken(productType) ?? ''];
    // An order without an id has a business: its model says so.
    const business = unlessBroken(businessIdentifier);
    const key = [...kind, business ? businessKey(business) : ''].join('/');
    const count = (alike.get(key) ?? 0) + 1;
    alike.set(key, count);
    return withKey(row, `${key}/${count}`);
  });
}

/** Returns the readable orders of a list by their keys. */
export const byKey = (orders: readonly Row<ProductOrder>[]): ReadonlyMap<string, ProductOrder> =>
  new Map(readable(orders).map((order) => [order.key, order]));

export const withKey = (order: UpstreamOrder, key: string): ProductOrder => ({ ...order, key });
