import type { ProductOrder, ProductOrderStatus } from '../data/product-order.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { LiveWorld } from './live-world.ts';
import type { OrderBook } from './order-book.ts';

/** What happens upstream without a call of the API, made to happen by a test. */
export interface Lifecycle {
  /** Moves an order on; states in between are passed through. */
  moveOrder(id: string, status: ProductOrderStatus): ProductOrder;
  deactivateUnit(msn: string): void;
  deactivateMerchant(scheme: string, id: string): void;
}

// Only the meaning of the states is published; their order follows from it (source: the API's guide).
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
    // Else the order would lead to a unit that nobody can see.
    if (merchant !== undefined && world.merchant(merchant).status !== 'ACTIVE') {
      throw new SandboxError(
        'CONFLICT',
        'The merchant of the order is deactivated, so it cannot be completed.',
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
        throw new SandboxError('CONFLICT', `An order that is ${order.status} cannot become ${status}.`);
      }
      if (order.type !== 'PREFILL' && ofPrefillOnly.includes(status)) {
        throw new SandboxError('CONFLICT', `A ${order.type} order is never ${status}.`);
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
    deactivateMerchant(scheme, id) {
      const merchant = world.merchantIndex(scheme, id);
      if (merchant === undefined)
        throw new SandboxError('NOT_FOUND', `There is no merchant ${scheme} ${id}.`);
      world.deactivateMerchant(merchant);
    },
  };
}

/** The states that an order can be moved to from where it is. */
export function nextStatuses({ status, type }: ProductOrder): ProductOrderStatus[] {
  const from = steps[status];
  if (from === undefined) return [];
  return (Object.keys(steps) as ProductOrderStatus[]).filter(
    (to) => (steps[to] ?? 0) > from && (type === 'PREFILL' || !ofPrefillOnly.includes(to)),
  );
}
