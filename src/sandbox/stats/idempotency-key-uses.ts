/** What happened to one idempotency key. */
export interface IdempotencyKeyUse {
  /** How often it was sent. */
  calls: number;
  /** How many product orders were made with it: more than one would be a bug in the sandbox. */
  orders: number;
  /** How often each status was answered. A call whose answer was lost has none. */
  statuses: Record<string, number>;
}

/** Counts what happens to idempotency keys. */
export interface IdempotencyKeyUses {
  sent(key: string): void;
  answered(key: string, status: number): void;
  madeOrder(key: string): void;
  read(): Record<string, IdempotencyKeyUse>;
  clear(): void;
}

const MOST_KEYS = 10_000;
// A longer key is refused by the API, and would let a client fill the sandbox's memory.
const LONGEST_KEY = 50;

export function createIdempotencyKeyUses(): IdempotencyKeyUses {
  const uses = new Map<string, IdempotencyKeyUse>();
  return {
    sent(key) {
      const known = uses.get(key);
      if (known) known.calls++;
      else if (key.length <= LONGEST_KEY) {
        const [oldest] = uses.keys();
        if (uses.size >= MOST_KEYS && oldest !== undefined) uses.delete(oldest);
        uses.set(key, { calls: 1, orders: 0, statuses: {} });
      }
    },
    answered(key, status) {
      const statuses = uses.get(key)?.statuses;
      if (statuses) statuses[status] = (statuses[status] ?? 0) + 1;
    },
    madeOrder(key) {
      const use = uses.get(key);
      if (use) use.orders++;
    },
    read: () => structuredClone(Object.fromEntries(uses)),
    clear: () => uses.clear(),
  };
}
