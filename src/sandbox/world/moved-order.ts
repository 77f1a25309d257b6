import type { ProductOrder, ProductOrderStatus } from '../data/product-order.ts';
import type { World } from './world.ts';

/** An order after a change of its status, as a test sees it. */
export interface MovedOrder {
  productOrderId: string | undefined;
  status: ProductOrderStatus;
  /** The unit that a completed order has led to. */
  salesUnit?: { msn: string; name: string };
}

/** Returns the order without what only the sandbox needs. */
export function toMovedOrder(world: World, { id, status, unit }: ProductOrder): MovedOrder {
  const salesUnit = unit !== undefined && { msn: world.units.msn(unit), name: world.unitName(unit) };
  return { productOrderId: id, status, ...(salesUnit && { salesUnit }) };
}
