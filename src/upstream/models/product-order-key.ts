import { unlessBroken } from './broken.ts';
import { businessKey } from './identifiers.ts';
import type { ProductOrder } from './product-order.ts';

/**
 * Returns a key for each order of a list: its id, in lower case. The key of an order without an id is made of the fields that
 * never change, and a number if several orders have the same fields.
 */
export function productOrderKeys(orders: readonly ProductOrder[]): string[] {
  const alike = new Map<string, number>();
  return orders.map(({ productOrderId, productOrderType, productType, businessIdentifier }) => {
    if (productOrderId) return productOrderId.toLowerCase();
    const kind = [unlessBroken(productOrderType) ?? '', unlessBroken(productType) ?? ''];
    // An order without an id has a business: its model says so.
    const business = unlessBroken(businessIdentifier);
    const key = [...kind, business ? businessKey(business) : ''].join('/');
    const count = (alike.get(key) ?? 0) + 1;
    alike.set(key, count);
    return `${key}/${count}`;
  });
}
