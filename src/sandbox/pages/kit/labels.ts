import type { BusinessIdentifier } from '../../data/business-identifier.ts';
import type { ProductOrder, ProductOrderStatus } from '../../data/product-order.ts';

const products: Readonly<Record<string, string>> = {
  PAYMENT_INTEGRATION: 'Payment integration',
  CASHIER: 'Cashier',
  CHECKOUT: 'Checkout',
  LOGIN: 'Login',
  DONATIONS: 'Donations',
};
const statuses: Record<ProductOrderStatus, string> = {
  RECEIVED: 'Received',
  MERCHANT_VIEWED: 'Viewed',
  ORDER_SUBMITTED: 'Submitted',
  COMPLETED: 'Completed',
  REJECTED: 'Rejected',
  EXPIRED: 'Expired',
};
const registers: Readonly<Record<string, string>> = {
  'business:NO:ORG': 'Norwegian organization number',
  'business:DK:CVR': 'Danish CVR number',
  'business:FI:Y-tunnus': 'Finnish business ID',
};

/** The uses that the form offers (source: OpenAPI document 2.0.9). */
export const useCases: readonly (readonly [string, string])[] = [
  ['Website', 'Website'],
  ['WebsiteWithTest', 'Website that has a test site'],
  ['App', 'App'],
  ['Unknown', 'Other, such as a point of sale'],
];

export function productName(productType: string | undefined): string {
  return products[productType ?? ''] ?? 'Not stated';
}

export function statusName({ status }: Pick<ProductOrder, 'status'>): string {
  return statuses[status];
}

export function registerName({ scheme }: BusinessIdentifier): string {
  return registers[scheme] ?? scheme;
}

/** A moment of real time, to the second. */
export function formatRealTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** A moment of the sandbox's clock; servers upstream run on UTC, so pages say UTC as well. */
export function formatSandboxTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
