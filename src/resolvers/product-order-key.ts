import { businessKey } from '../upstream/models/identifiers.ts';
import type { ProductOrder as UpstreamOrder } from '../upstream/models/product-order.ts';
import type { Row } from '../upstream/row.ts';
import { readable } from './rows.ts';

/** An order and what tells it apart: its id, or for TEMPLATE and MANUAL orders without one a text in its place. */
export type ProductOrder = UpstreamOrder & { readonly key: string };

/**
 * Gives every order its key. What an order without an id keeps over its life stands in for the id; where several are
 * alike in that, they are counted in the order of the list.
 */
export function withKeys(rows: readonly Row<UpstreamOrder>[]): Row<ProductOrder>[] {
  const alike = new Map<string, number>();
  return rows.map((row) => {
    if (row instanceof Error) return row;
    if (row.productOrderId) return withKey(row, row.productOrderId.toLowerCase());
    const { productOrderType = '', productType = '', businessIdentifier } = row;
    const key = [productOrderType, productType, businessKey(businessIdentifier)].join('/');
    const count = (alike.get(key) ?? 0) + 1;
    alike.set(key, count);
    return withKey(row, `${key}/${count}`);
  });
}

/** The readable orders of a list by their keys. */
export const byKey = (orders: readonly Row<ProductOrder>[]): ReadonlyMap<string, ProductOrder> =>
  new Map(readable(orders).map((order) => [order.key, order]));

export const withKey = (order: UpstreamOrder, key: string): ProductOrder => ({ ...order, key });
