import type { BusinessIdentifier } from '../data/business-identifier.ts';
import type { PrefillRequest } from '../data/prefill-request.ts';
import { isOpen, type ProductOrder } from '../data/product-order.ts';
import type { Clock } from './clock.ts';

/** Every product order as it is now: the generated ones, then those made since. */
export interface OrderBook {
  /** Returns the orders that name this partner, including expired ones, oldest first. */
  of(partner: string): ProductOrder[];
  /** Returns the orders of all partners for this business, oldest first. */
  ofBusiness(identifier: BusinessIdentifier): ProductOrder[];
  find(id: string): ProductOrder | undefined;
  readonly count: number;
  /** Returns a page of all orders, newest first. */
  newest(skip: number, count: number): ProductOrder[];
  /** Returns when a prefilled order expires; undefined when it cannot expire or already has. */
  expiresAt(id: string): number | undefined;
  /** Adds an order. When the book is full, drops the oldest finished orders, then the oldest of all. */
  add(order: ProductOrder & { id: string }): void;
  update(id: string, changes: Partial<ProductOrder>): void;
  remove(id: string): void;
  /** Returns to the orders of the start. */
  reset(): void;
}

interface Entry {
  order: ProductOrder;
  readonly createdAt: number;
  /** About how many bytes its request takes. Absent for generated orders, which are never dropped. */
  readonly bytes?: number;
}

/** How many new orders are kept, so that a test can run for days. */
interface Limits {
  readonly orders: number;
  /** Requests carry logos, which use the most memory. */
  readonly bytes: number;
}

const defaultLimits: Limits = { orders: 100_000, bytes: 256 * 1024 * 1024 };
// Dropped in one go, so that looking for the oldest costs little per order.
const SHARE_DROPPED = 0.01;

const BEYOND_LATIN = /[\u0100-\uffff]/;

// A prefilled order lives 14 days unless it is submitted (source: the API's guide and agent toolkit).
const LIFETIME_MS = 14 * 86_400_000;

/** Reads `world.orders` at each reset, since the world behind it may have changed. */
export function createOrderBook(
  world: { readonly orders: readonly ProductOrder[] },
  clock: Clock,
  limits = defaultLimits,
): OrderBook {
  const entries = new Set<Entry>();
  const byId = new Map<string, Entry>();

  let made = { orders: 0, bytes: 0 };

  const put = (order: ProductOrder, bytes?: number) => {
    const entry = { order, createdAt: clock.now(), ...(bytes !== undefined && { bytes }) };
    entries.add(entry);
    if (order.id !== undefined) byId.set(order.id, entry);
  };
  // The generated orders have no creation time, so they count as made at the start.
  const reset = () => {
    entries.clear();
    byId.clear();
    made = { orders: 0, bytes: 0 };
    for (const order of world.orders) put(order);
  };
  const read = ({ order, createdAt }: Entry): ProductOrder => {
    const isOver = order.type === 'PREFILL' && isOpen(order) && clock.now() >= createdAt + LIFETIME_MS;
    return isOver ? { ...order, status: 'EXPIRED' } : order;
  };
  const drop = (entry: Entry) => {
    entries.delete(entry);
    if (entry.order.id !== undefined) byId.delete(entry.order.id);
    if (entry.bytes !== undefined) made = { orders: made.orders - 1, bytes: made.bytes - entry.bytes };
  };
  const makeRoom = () => {
    if (made.orders <= limits.orders && made.bytes <= limits.bytes) return;
    const roomIn = (limit: number) => limit - Math.floor(limit * SHARE_DROPPED);
    const isRoomy = () => made.orders <= roomIn(limits.orders) && made.bytes <= roomIn(limits.bytes);
    for (const mayGo of [isOver, () => true]) {
      for (const entry of entries) {
        if (isRoomy()) return;
        if (entry.bytes !== undefined && mayGo(read(entry))) drop(entry);
      }
    }
  };

  reset();
  return {
    of: (partner) => [...entries].filter(({ order }) => order.partner === partner).map(read),
    ofBusiness: ({ scheme, id }) =>
      [...entries]
        .filter(({ order: { businessIdentifier: own } }) => own.scheme === scheme && own.id === id)
        .map(read),
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
      return isOpen(read(entry)) ? entry.createdAt + LIFETIME_MS : undefined;
    },
    add(order) {
      const bytes = order.request === undefined ? 0 : sizeOf(order.request);
      made = { orders: made.orders + 1, bytes: made.bytes + bytes };
      makeRoom();
      put(order, bytes);
    },
    update(id, changes) {
      const entry = byId.get(id.toLowerCase());
      if (entry) entry.order = { ...entry.order, ...changes };
    },
    remove(id) {
      const entry = byId.get(id.toLowerCase());
      if (entry) drop(entry);
    },
    reset,
  };
}

// A string that has a character beyond Latin-1 takes two bytes per character.
function sizeOf(request: PrefillRequest): number {
  const text = JSON.stringify(request);
  return BEYOND_LATIN.test(text) ? text.length * 2 : text.length;
}

function isOver({ status }: ProductOrder): boolean {
  return status === 'COMPLETED' || status === 'REJECTED' || status === 'EXPIRED';
}
