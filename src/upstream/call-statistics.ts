import type { EndpointCalls } from './models/endpoint-calls.ts';

/** Counts the calls of one client, for the last day. */
export interface CallStatistics {
  note(route: string, status: number | undefined): void;
  /** Returns the endpoints that were called in the last `minutes`, 1,440 at most, by name. */
  last(minutes: number): readonly EndpointCalls[];
}

const SLOT_MS = 5 * 60_000;
/** A day, and the slot that has begun. */
const MOST_SLOTS = 289;

type Routes = Map<string, { calls: number; readonly byStatus: Map<number, number> }>;

interface Slot {
  readonly number: number;
  readonly routes: Routes;
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
      add(slot.routes, route, 1, status === undefined ? [] : [[status, 1]]);
    },
    last(minutes) {
      const first = current() - Math.ceil((minutes * 60_000) / SLOT_MS);
      const sums: Routes = new Map();
      for (const { number, routes } of slots)
        if (number >= first)
          for (const [route, { calls, byStatus }] of routes) add(sums, route, calls, byStatus);
      return [...sums]
        .map(([route, sum]) => ({ route, ...sum }))
        .sort((a, b) => (a.route < b.route ? -1 : 1));
    },
  };
}

function add(routes: Routes, route: string, calls: number, byStatus: Iterable<[number, number]>): void {
  const sum = routes.get(route) ?? { calls: 0, byStatus: new Map<number, number>() };
  routes.set(route, sum);
  sum.calls += calls;
  for (const [status, count] of byStatus) sum.byStatus.set(status, (sum.byStatus.get(status) ?? 0) + count);
}
