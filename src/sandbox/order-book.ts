import type { Clock } from './clock.ts';
import type { ProductOrder } from './data/product-order.ts';

/** Every product order as it is now: the generated ones, then those made since. */
export interface OrderBook {
  /** The orders that name this partner, expired ones as well, oldest first. */
  of(partner: string): ProductOrder[];
  find(id: string): ProductOrder | undefined;
  readonly count: number;
  /** A page of everybody's orders, newest first. */
  newest(skip: number, count: number): ProductOrder[];
  /** When a prefilled order expires unless it is submitted; undefined when it cannot or did already. */
  expiresAt(id: string): number | undefined;
  add(order: ProductOrder & { id: string }): void;
  update(id: string, changes: Partial<ProductOrder>): void;
  remove(id: string): void;
  /** Forgets everything that happened since the start. */
  reset(): void;
}

interface Entry {
  order: ProductOrder;
  readonly createdAt: number;
}

// A prefilled order lives 14 days unless it is submitted (source: the API's guide and agent toolkit).
const LIFETIME_MS = 14 * 86_400_000;

/** `world` is asked for its orders at each reset, since another one may have taken its place. */
export function createOrderBook(
  world: { readonly orders: readonly ProductOrder[] },
  clock: Clock,
): OrderBook {
  const entries = new Set<Entry>();
  const byId = new Map<string, Entry>();

  const put = (order: ProductOrder) => {
    const entry = { order, createdAt: clock.now() };
    entries.add(entry);
    if (order.id !== undefined) byId.set(order.id, entry);
  };
  // The generated orders have no age, so theirs counts from the start as well.
  const reset = () => {
    entries.clear();
    byId.clear();
    for (const order of world.orders) put(order);
  };
  const read = ({ order, createdAt }: Entry): ProductOrder => {
    const isOpen = order.status === 'RECEIVED' || order.status === 'MERCHANT_VIEWED';
    const isOver = order.type === 'PREFILL' && isOpen && clock.now() >= createdAt + LIFETIME_MS;
    return isOver ? { ...order, status: 'EXPIRED' } : order;
  };

  reset();
  return {
    of: (partner) => [...entries].filter(({ order }) => order.partner === partner).map(read),
    find(id) {
      const entry = byId.get(id.toLowerCase());
      return entry && read(entry);
    },
    get count() {
      return entries.size;
    },
    newest(skip, count) {
      const end = entries.size - skip;
      const found: ProductOrder[] = [];
      let at = 0;
      for (const entry of entries) {
        if (at >= end) break;
        if (at++ >= end - count) found.push(read(entry));
      }
      return found.reverse();
    },
    expiresAt(id) {
      const entry = byId.get(id.toLowerCase());
      if (entry?.order.type !== 'PREFILL') return undefined;
      const { status } = read(entry);
      const isOpen = status === 'RECEIVED' || status === 'MERCHANT_VIEWED';
      return isOpen ? entry.createdAt + LIFETIME_MS : undefined;
    },
    add: put,
    update(id, changes) {
      const entry = byId.get(id.toLowerCase());
      if (entry) entry.order = { ...entry.order, ...changes };
    },
    remove(id) {
      const entry = byId.get(id.toLowerCase());
      if (!entry) return;
      entries.delete(entry);
      byId.delete(id.toLowerCase());
    },
    reset,
  };
}
