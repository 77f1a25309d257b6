import type { BusinessIdentifier } from './business-identifier.ts';
import type { PrefillRequest } from './prefill-request.ts';
import type { SeededRandom } from './seeded-random.ts';

export type ProductOrderType = 'PREFILL' | 'TEMPLATE' | 'MANUAL';
export type ProductOrderStatus =
  | 'RECEIVED'
  | 'MERCHANT_VIEWED'
  | 'ORDER_SUBMITTED'
  | 'EXPIRED'
  | 'COMPLETED'
  | 'REJECTED';

/** An order as the sandbox stores it; `api/routes/order-body.ts` turns it into what the API sends. */
export interface ProductOrder {
  /** The partner that the order names: nobody else sees the order. Undefined for an order of the merchant itself. */
  partner: string | undefined;
  type: ProductOrderType;
  status: ProductOrderStatus;
  /** Orders that were not made by prefill may come without an id. */
  id?: string;
  /** Sent since January 2026 only, so older orders lack it (source: changelog of the API). */
  productType?: string;
  businessIdentifier: BusinessIdentifier;
  /** The name of the new unit. Without it, the sandbox generates one. */
  salesUnitName?: string;
  /** The order form as the partner prefilled and the merchant edited it. Generated orders have none. */
  request?: PrefillRequest;
  /** Index of the sales unit that a completed order led to. */
  unit?: number;
}

/** Whether the merchant can still submit the order. */
export const isOpen = ({ status }: Pick<ProductOrder, 'status'>): boolean =>
  status === 'RECEIVED' || status === 'MERCHANT_VIEWED';

interface OrderSource {
  partner: string;
  /** Keeps the random numbers of these orders apart from those of others. */
  stream?: string;
  count: number;
  /** Index of a sales unit of this partner for the order at this place. */
  unitFor(index: number): number;
  identifierOf(unit: number): BusinessIdentifier;
  /** The identifier of a business that is not a merchant yet. */
  newBusiness(index: number): BusinessIdentifier;
}

// Each type with every status it can have: only prefilled orders pass through all six (source: guide and document 2.0.9).
const kinds: readonly (readonly [ProductOrderType, ProductOrderStatus])[] = [
  ['PREFILL', 'RECEIVED'],
  ['PREFILL', 'COMPLETED'],
  ['TEMPLATE', 'RECEIVED'],
  ['PREFILL', 'MERCHANT_VIEWED'],
  ['MANUAL', 'COMPLETED'],
  ['PREFILL', 'ORDER_SUBMITTED'],
  ['TEMPLATE', 'COMPLETED'],
  ['PREFILL', 'REJECTED'],
  ['MANUAL', 'RECEIVED'],
  ['PREFILL', 'EXPIRED'],
  ['TEMPLATE', 'REJECTED'],
  ['MANUAL', 'REJECTED'],
];
const productTypes = [
  'PAYMENT_INTEGRATION',
  'PAYMENT_INTEGRATION',
  'CASHIER',
  'CHECKOUT',
  'LOGIN',
  'DONATIONS',
];

export function createProductOrders(random: SeededRandom, source: OrderSource): ProductOrder[] {
  return Array.from({ length: source.count }, (_, index) => createOrder(random, source, index));
}

function createOrder(random: SeededRandom, source: OrderSource, index: number): ProductOrder {
  const [type, status] = kinds[index % kinds.length] ?? ['PREFILL', 'RECEIVED'];
  const stream = source.stream ?? `order ${source.partner}`;
  const round = Math.floor(index / kinds.length);
  // Two thirds of the open and failed orders are for businesses that have no agreement yet.
  const known = status === 'COMPLETED' || random.chance(1 / 3, `${stream} known`, index);
  const unit = source.unitFor(index);
  return {
    partner: source.partner,
    type,
    status,
    ...((type === 'PREFILL' || round % 3 !== 1) && { id: random.uuid(stream, index) }),
    ...(index % 8 !== 7 && { productType: random.pick(productTypes, stream, index) }),
    businessIdentifier: known ? source.identifierOf(unit) : source.newBusiness(index),
    ...(status === 'COMPLETED' && { unit }),
  };
}
