import type { Order } from './read-orders.ts';

interface WaitingOrder extends Pick<Order, 'productOrderId' | 'type' | 'status' | 'statusSince' | 'url'> {
  /** Whole days in this status, as far as the gateway has seen it. */
  readonly waitsDays: number | null;
}

interface WaitingMerchant extends Pick<Order, 'businessIdentifier'> {
  readonly name: string | null;
  readonly orders: readonly WaitingOrder[];
}

const DAY_MS = 86_400_000;
const longest = (orders: readonly WaitingOrder[]) =>
  Math.max(...orders.map(({ waitsDays }) => waitsDays ?? -1));

/** Groups orders by merchant, those that wait longest first. */
export function waitingMerchants(orders: readonly Order[], now: Date): WaitingMerchant[] {
  // The number alone is not enough: registers of two countries may have the same.
  const keyOf = ({ businessIdentifier: at }: Order) => (at ? `${at.scheme} ${at.value}` : '');
  return [...Map.groupBy(orders, keyOf).values()]
    .map((group) => ({
      name: group.find(({ merchant }) => merchant)?.merchant?.name ?? null,
      businessIdentifier: group[0]?.businessIdentifier ?? null,
      orders: group
        .map(({ productOrderId, type, status, statusSince, url }) => ({
          productOrderId,
          type,
          status,
          statusSince,
          waitsDays: statusSince ? Math.floor((now.getTime() - Date.parse(statusSince)) / DAY_MS) : null,
          url,
        }))
        .sort((a, b) => (b.waitsDays ?? -1) - (a.waitsDays ?? -1)),
    }))
    .sort((a, b) => longest(b.orders) - longest(a.orders));
}
