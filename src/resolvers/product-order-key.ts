import type { ProductOrder as UpstreamOrder } from '../upstream/models/product-order.ts';
import { productOrderKeys } from '../upstream/models/product-order-key.ts';
import type { Row } from '../upstream/row.ts';
import { readable } from './rows.ts';

/** An order with its key: its id, or another text for TEMPLATE and MANUAL orders without an id. */
export type ProductOrder = UpstreamOrder & { readonly key: string };

/** Returns the orders with their keys. */
export function withKeys(rows: readonly Row<UpstreamOrder>[]): Row<ProductOrder>[] {
  const keys = productOrderKeys(readable(rows)).values();
  return rows.map((row) => (row instanceof Error ? row : withKey(row, keys.next().value ?? '')));
}

/** Returns the readable orders of a list by their keys. */
export const byKey = (orders: readonly Row<ProductOrder>[]): ReadonlyMap<string, ProductOrder> =>
  new Map(readable(orders).map((order) => [order.key, order]));

export const withKey = (order: UpstreamOrder, key: string): ProductOrder => ({ ...order, key });
