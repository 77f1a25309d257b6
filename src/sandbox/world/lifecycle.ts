import { randomUUID } from 'node:crypto';
import type { PricePackage } from '../data/price-package.ts';
import type { ProductOrder, ProductOrderStatus } from '../data/product-order.ts';
import { MAIN_PARTNER } from '../data/units.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { MerchantEdit, UnitEdit } from './edits.ts';
import type { LiveWorld } from './live-world.ts';
import type { OrderBook } from './order-book.ts';

/** Lets a test cause what happens upstream without an API call. */
export interface Lifecycle {
  /** Changes the status of an order. It may skip statuses in between. */
  moveOrder(id: string, status: ProductOrderStatus): ProductOrder;
  /** Changes fields of a unit. */
  editUnit(msn: string, edit: UnitEdit): void;
  /** Changes fields of a merchant, and when it was updated. */
  editMerchant(scheme: string, id: string, edit: MerchantEdit): void;
  /** Adds a price package of the main partner. */
  addPricePackage(name: string): PricePackage;
  removePricePackage(id: string): void;
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
/** The API returns all of them at once. */
const MOST_PACKAGES = 1_000;
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

  const unitOf = (msn: string): number => {
    const unit = world.units.indexOf(msn);
    if (unit === undefined) throw new SandboxError('NOT_FOUND', `There is no sales unit ${msn}.`);
    return unit;
  };
  const merchantOf = (scheme: string, id: string): number => {
    const merchant = world.merchantIndex(scheme, id);
    if (merchant === undefined) throw new SandboxError('NOT_FOUND', `There is no merchant ${scheme} ${id}.`);
    return merchant;
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
    editUnit: (msn, edit) => world.editUnit(unitOf(msn), edit),
    editMerchant: (scheme, id, edit) => world.editMerchant(merchantOf(scheme, id), edit),
    addPricePackage(name) {
      const added: PricePackage = {
        pricePackageId: randomUUID(),
        name,
        description: '2.49%',
        visibleInSignupForm: true,
        productType: 'PAYMENT_INTEGRATION',
        market: 'NO',
        commission: null,
      };
      const packages = world.pricePackages(MAIN_PARTNER);
      if (packages.length >= MOST_PACKAGES)
        throw new SandboxError('CONFLICT', `The sandbox already has ${MOST_PACKAGES} price packages.`);
      world.setPricePackages(MAIN_PARTNER, [...packages, added]);
      return added;
    },
    removePricePackage(id) {
      const packages = world.pricePackages(MAIN_PARTNER);
      const left = packages.filter(({ pricePackageId }) => pricePackageId !== id);
      if (left.length === packages.length)
        throw new SandboxError('NOT_FOUND', `There is no price package ${id}.`);
      world.setPricePackages(MAIN_PARTNER, left);
    },
    deactivateUnit: (msn) => world.deactivateUnit(unitOf(msn)),
    connectUnit: (msn, partner) => world.connectUnit(unitOf(msn), partner),
    deactivateMerchant: (scheme, id) => world.deactivateMerchant(merchantOf(scheme, id)),
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
