import type { BusinessIdentifier } from '../data/business-identifier.ts';
import type { PrefillRequest } from '../data/prefill-request.ts';
import type { ProductOrder } from '../data/product-order.ts';
import type { Clock } from './clock.ts';

/** Every product order as it is now: the generated ones, then those made since. */
export interface OrderBook {
  /** The orders that name this partner, expired ones as well, oldest first. */
  of(partner: string): ProductOrder[];
  /** The orders for this business, whichever partner they name, oldest first. */
  ofBusiness(identifier: BusinessIdentifier): ProductOrder[];
  find(id: string): ProductOrder | undefined;
  readonly count: number;
  /** A page of everybody's orders, newest first. */
  newest(skip: number, count: number): ProductOrder[];
  /** When a prefilled order expires unless it is submitted; undefined when it cannot or did already. */
  expiresAt(id: string): number | undefined;
  /** Adds an order. When the book is full, the oldest ones that are over are forgotten, then the oldest of all. */
  add(order: ProductOrder & { id: string }): void;
  update(id: string, changes: Partial<ProductOrder>): void;
  remove(id: string): void;
  /** Forgets everything that happened since the start. */
  reset(): void;
}

interface Entry {
  order: ProductOrder;
  readonly createdAt: number;
  /** Made since the start; about as many bytes as its request takes. Generated orders are never forgotten. */
  readonly bytes?: number;
}

/** How much is kept of the orders made, so that a test can go on for days. */
interface Limits {
  readonly orders: number;
  /** Requests carry logos, which are what fills a memory. */
  readonly bytes: number;
}

const defaultLimits: Limits = { orders: 100_000, bytes: 256 * 1024 * 1024 };
// Forgotten in one go, so that looking for the oldest costs little for each order.
const SHARE_FORGOTTEN = 0.01;

const BEYOND_LATIN = /[\u0100-\uffff]/;

// A prefilled order lives 14 days unless it is submitted (source: the API's guide and agent toolkit).
const LIFETIME_MS = 14 * 86_400_000;

/** `world` is asked for its orders at each reset, since another one may have taken its place. */
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
  // The generated orders have no age, so theirs counts from the start as well.
  const reset = () => {
    entries.clear();
    byId.clear();
    made = { orders: 0, bytes: 0 };
    for (const order of world.orders) put(order);
  };
  const read = ({ order, createdAt }: Entry): ProductOrder => {
    const isOpen = order.status === 'RECEIVED' || order.status === 'MERCHANT_VIEWED';
    const isOver = order.type === 'PREFILL' && isOpen && clock.now() >= createdAt + LIFETIME_MS;
    return isOver ? { ...order, status: 'EXPIRED' } : order;
  };
  const drop = (entry: Entry) => {
    entries.delete(entry);
    if (entry.order.id !== undefined) byId.delete(entry.order.id);
    if (entry.bytes !== undefined) made = { orders: made.orders - 1, bytes: made.bytes - entry.bytes };
  };
  const makeRoom = () => {
    if (made.orders <= limits.orders && made.bytes <= limits.bytes) return;
    const roomIn = (limit: number) => limit - Math.floor(limit * SHARE_FORGOTTEN);
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
      const { status } = read(entry);
      const isOpen = status === 'RECEIVED' || status === 'MERCHANT_VIEWED';
      return isOpen ? entry.createdAt + LIFETIME_MS : undefined;
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

// A text with one character beyond Latin takes two bytes for each of them.
function sizeOf(request: PrefillRequest): number {
  const text = JSON.stringify(request);
  return BEYOND_LATIN.test(text) ? text.length * 2 : text.length;
}

function isOver({ status }: ProductOrder): boolean {
  return status === 'COMPLETED' || status === 'REJECTED' || status === 'EXPIRED';
}
