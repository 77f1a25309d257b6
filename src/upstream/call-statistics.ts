/** The calls of one endpoint within a time. */
export interface EndpointStatistics {
  /** Method and path template. */
  readonly route: string;
  readonly calls: number;
  /** Calls by status. Those without an answer have none. */
  readonly byStatus: ReadonlyMap<number, number>;
}

/** Counts the calls of one client, for the last day. */
export interface CallStatistics {
  note(route: string, status: number | undefined): void;
  /** Returns the endpoints that were called in the last `minutes`, 1,440 at most, by name. */
  last(minutes: number): readonly EndpointStatistics[];
}

const SLOT_MS = 5 * 60_000;
/** A day, and the slot that has begun. */
const MOST_SLOTS = 289;

interface Slot {
  readonly number: number;
  readonly routes: Map<string, { calls: number; readonly byStatus: Map<number, number> }>;
}

/** Counts in slots of five minutes, so that a day takes a few kilobytes. `now` is a monotonic clock in milliseconds. */
export function createCallStatistics(now: () => number = () => performance.now()): CallStatistics {
  let slots: Slot[] = [];
  const current = () => Math.floor(now() / SLOT_MS);
  return {
    note(route, status) {
      const number = current();
      let slot = slots.at(-1);
      if (slot?.number !== number) {
        slot = { number, routes: new Map() };
        slots = [...slots.filter((one) => one.number > number - MOST_SLOTS), slot];
      }
      const known = slot.routes.get(route) ?? { calls: 0, byStatus: new Map<number, number>() };
      slot.routes.set(route, known);
      known.calls++;
      if (status !== undefined) known.byStatus.set(status, (known.byStatus.get(status) ?? 0) + 1);
    },
    last(minutes) {
      const first = current() - Math.ceil((minutes * 60_000) / SLOT_MS);
      const sums = new Map<string, { calls: number; readonly byStatus: Map<number, number> }>();
      for (const { number, routes } of slots) {
        if (number < first) continue;
        for (const [route, { calls, byStatus }] of routes) {
          const sum = sums.get(route) ?? { calls: 0, byStatus: new Map<number, number>() };
          sums.set(route, sum);
          sum.calls += calls;
          for (const [status, count] of byStatus)
            sum.byStatus.set(status, (sum.byStatus.get(status) ?? 0) + count);
        }
      }
      return [...sums]
        .map(([route, sum]) => ({ route, ...sum }))
        .sort((a, b) => (a.route < b.route ? -1 : 1));
    },
  };
}
