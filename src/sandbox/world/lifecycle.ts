import type { ProductOrder, ProductOrderStatus } from '../data/product-order.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { LiveWorld } from './live-world.ts';
import type { OrderBook } from './order-book.ts';

/** Lets a test cause what happens upstream without an API call. */
export interface Lifecycle {
  /** Changes the status of an order. It may skip statuses in between. */
  moveOrder(id: string, status: ProductOrderStatus): ProductOrder;
  deactivateUnit(msn: string): void;
  deactivateMerchant(scheme: string, id: string): void;
  /** Connects a unit to another partner, or to none. It keeps its number. */
  connectUnit(msn: string, partner: string | undefined): void;
}

// Only the meaning of the statuses is published. Their order follows from it (source: the API's guide).
const steps: Partial<Record<ProductOrderStatus, number>> = {
  RECEIVED: 0,
  MERCHANT_VIEWED: 1,
  ORDER_SUBMITTED: 2,
  COMPLETED: 3,
  REJECTED: 3,
};
const ofPrefillOnly: readonly ProductOrderStatus[] = ['MERCHANT_VIEWED', 'ORDER_SUBMITTED'];

export function createLifecycle(world: LiveWorld, book: OrderBook): Lifecycle {
  const complete = (order: ProductOrder): number => {
    const { businessIdentifier, partner, salesUnitName, productType, request } = order;
    const merchant = world.merchantIndex(businessIdentifier.scheme, businessIdentifier.id);
    // Without this check, the order would lead to a unit that nobody can see.
    if (merchant !== undefined && world.merchant(merchant).status !== 'ACTIVE') {
      throw new SandboxError(
        'CONFLICT',
        'The merchant of the order is deactivated, so the order cannot be completed.',
      );
    }
    return world.addUnit({
      businessIdentifier,
      partner,
      ...(salesUnitName && { name: salesUnitName }),
      ...(productType && { product: { productType, hasRecurring: request?.hasRecurring === true } }),
      ...(request?.settlementBankAccount && { bankAccount: request.settlementBankAccount }),
    });
  };

  return {
    moveOrder(id, status) {
      const order = book.find(id);
      if (!order) throw new SandboxError('NOT_FOUND', `There is no product order ${id}.`);
      const from = steps[order.status];
      const to = steps[status];
      if (from === undefined || to === undefined || to <= from) {
        throw new SandboxError('CONFLICT', `An order with status ${order.status} cannot become ${status}.`);
      }
      if (order.type !== 'PREFILL' && ofPrefillOnly.includes(status)) {
        throw new SandboxError('CONFLICT', `An order of type ${order.type} cannot become ${status}.`);
      }
      const moved = { ...order, status, ...(status === 'COMPLETED' && { unit: complete(order) }) };
      book.update(id, moved);
      return moved;
    },
    deactivateUnit(msn) {
      const unit = world.units.indexOf(msn);
      if (unit === undefined) throw new SandboxError('NOT_FOUND', `There is no sales unit ${msn}.`);
      world.deactivateUnit(unit);
    },
    connectUnit(msn, partner) {
      const unit = world.units.indexOf(msn);
      if (unit === undefined) throw new SandboxError('NOT_FOUND', `There is no sales unit ${msn}.`);
      world.connectUnit(unit, partner);
    },
    deactivateMerchant(scheme, id) {
      const merchant = world.merchantIndex(scheme, id);
      if (merchant === undefined)
        throw new SandboxError('NOT_FOUND', `There is no merchant ${scheme} ${id}.`);
      world.deactivateMerchant(merchant);
    },
  };
}

/** Returns the statuses that an order can have next. */
export function nextStatuses({ status, type }: ProductOrder): ProductOrderStatus[] {
  const from = steps[status];
  if (from === undefined) return [];
  return (Object.keys(steps) as ProductOrderStatus[]).filter(
    (to) => (steps[to] ?? 0) > from && (type === 'PREFILL' || !ofPrefillOnly.includes(to)),
  );
}
