import { createAdaptiveConcurrency } from '../src/upstream/resilience/adaptive-concurrency.ts';

/** How the simulated upstream behaves from a second on. */
export interface Weather {
  readonly from: number;
  readonly what: string;
  /** Calls that it works on at once. More share that, so each takes longer. */
  readonly capacity: number;
  /** Calls beyond this rate are answered 429 at once. */
  readonly perSecond: number;
}

export interface Moment {
  readonly second: number;
  readonly limit: number;
  /** The mean time of the calls that ended in the last quarter of a second, in milliseconds. */
  readonly ms: number;
}

export const SECONDS = 60;
export const MOST = 64;
const FASTEST_MS = 20;
const STEP_MS = 250;

export const weathers: readonly Weather[] = [
  { from: 0, what: 'fast', capacity: 100, perSecond: Number.POSITIVE_INFINITY },
  { from: 10, what: 'a tenth of the capacity', capacity: 10, perSecond: Number.POSITIVE_INFINITY },
  { from: 25, what: 'fast', capacity: 100, perSecond: Number.POSITIVE_INFINITY },
  { from: 35, what: '429 beyond 800/s', capacity: 100, perSecond: 800 },
  { from: 50, what: 'fast', capacity: 100, perSecond: Number.POSITIVE_INFINITY },
];

const weatherAt = (second: number): Weather =>
  weathers.findLast(({ from }) => from <= second) ?? (weathers[0] as Weather);

/** Runs the limit against an upstream that gets faster and slower, with more calls waiting than it allows, in steps of 1 ms. */
export function simulateLimit(): Moment[] {
  let now = 0;
  const concurrency = createAdaptiveConcurrency(MOST, () => now);
  const underWay = new Set<{
    readonly sentAt: number;
    readonly endsAt: number;
    readonly isRefused: boolean;
  }>();
  const moments: Moment[] = [];
  let [allowance, ended, took] = [0, 0, 0];
  const send = (capacity: number) => {
    while (underWay.size < concurrency.current) {
      const isRefused = allowance < 1;
      if (!isRefused) allowance--;
      const ms = isRefused ? 5 : FASTEST_MS * Math.max(1, (underWay.size + 1) / capacity);
      underWay.add({ sentAt: now, endsAt: now + ms, isRefused });
    }
  };
  for (; now < 1_000 * SECONDS; now++) {
    const { capacity, perSecond } = weatherAt(now / 1_000);
    allowance = Number.isFinite(perSecond) ? Math.min(20, allowance + perSecond / 1_000) : perSecond;
    for (const call of underWay) {
      if (call.endsAt > now) continue;
      if (call.isRefused) concurrency.refused(call.sentAt);
      else {
        concurrency.answered('GET /simulated', call.sentAt, underWay.size);
        ended++;
        took += now - call.sentAt;
      }
      underWay.delete(call);
      // The next call takes the free place at once.
      send(capacity);
    }
    send(capacity);
    if (now % STEP_MS > 0) continue;
    moments.push({ second: now / 1_000, limit: concurrency.current, ms: took / Math.max(1, ended) });
    [ended, took] = [0, 0];
  }
  return moments;
}
