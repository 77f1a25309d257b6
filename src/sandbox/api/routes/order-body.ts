import type { ProductOrder } from '../../data/product-order.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Caller } from '../../world/caller.ts';
import { seesUnit } from '../../world/visibility.ts';
import type { World } from '../../world/world.ts';
import { summarize } from './sales-unit.ts';

export interface OrderBodyParts {
  world: World;
  policy: Policy;
  /** The page where the merchant fills in the order with this id. */
  portalUrl(id: string): string;
}

/** An order as the reads of version 2 send it. */
export function toOrderBody(parts: OrderBodyParts, caller: Caller, order: ProductOrder): object {
  const salesUnit = salesUnitOf(parts, caller, order);
  return {
    productOrderType: order.type,
    ...(order.id !== undefined && { productOrderId: order.id }),
    ...(order.productType !== undefined && { productType: order.productType }),
    status: shownStatus(order, parts.policy.rejectedOrders === 'REJECTED'),
    businessIdentifier: order.businessIdentifier,
    ...(order.type === 'PREFILL' && { productOrderUrl: parts.portalUrl(order.id ?? '') }),
    // Prefilled orders say null until they have led to a unit; the others have fewer fields and leave it out.
    ...((salesUnit || order.type === 'PREFILL') && { salesUnit: salesUnit ?? null }),
  };
}

/** A prefilled order as the reads of version 1 sent it, which ended before REJECTED began (source: changelog of the API). */
export function toOrderBodyV1(
  parts: OrderBodyParts,
  caller: Caller,
  order: ProductOrder & { id: string },
): object {
  return {
    productOrderId: order.id,
    status: shownStatus(order, false),
    businessIdentifier: order.businessIdentifier,
    productOrderUrl: parts.portalUrl(order.id),
    salesUnit: salesUnitOf(parts, caller, order) ?? null,
  };
}

function shownStatus({ status }: ProductOrder, showsRejected: boolean) {
  return status === 'REJECTED' && !showsRejected ? 'ORDER_SUBMITTED' : status;
}

function salesUnitOf({ world, policy }: OrderBodyParts, caller: Caller, { unit }: ProductOrder) {
  if (unit === undefined) return undefined;
  const isShown = policy.deactivatedUnitInOrder === 'shown' || seesUnit(world, caller, unit);
  return isShown ? summarize(world, policy, unit) : undefined;
}
