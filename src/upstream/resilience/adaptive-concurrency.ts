/** How many calls of one client may be under way, as the answers suggest. */
export interface AdaptiveConcurrency {
  /** A whole number from 1 to the maximum. */
  readonly current: number;
  /** Notes an answer to a call that was sent at `sentAt` while `active` calls were under way. */
  answered(route: string, sentAt: number, active: number): void;
  /** Notes a 429 to a call that was sent at `sentAt`. */
  refused(sentAt: number): void;
  /** Notes that a call that was sent at `sentAt` was not answered in time. */
  timedOut(sentAt: number): void;
  /** Returns how long an answer takes at least, in milliseconds; 0 while too few are known. */
  fastest(route: string): number;
}

interface Latency {
  answers: number;
  /** Moving averages in milliseconds: over about the last 10 answers, and of the faster ones over a longer time. */
  recent: number;
  usual: number;
  /** When the last answer came. */
  at: number;
}

const RECENT = 0.1;
const USUAL = 0.005;
/** Slower answers become usual over about this time: until then there may just be too many calls. */
const SLOWER_IS_USUAL_MS = 60_000;
/** Slow answers do not lower the limit further. */
const LEAST_FOR_SLOWNESS = 8;
/** With fewer answers, the averages say too little. */
const LEAST_ANSWERS = 20;
/** Answers are slow when they take this many times as long as usual, and longer by more than the allowance. */
const SLOW = 2;
const ALLOWANCE_MS = 50;
const AFTER_REFUSAL = 0.5;
const AFTER_SLOWNESS = 0.9;

/**
 * AIMD, as TCP controls its window: the limit rises by one for as many answers as it allows calls, is halved by a refusal,
 * and falls by a tenth when answers become slow or fail to come. One wave of bad answers lowers it once. `now` is a
 * monotonic clock in milliseconds.
 */
export function createAdaptiveConcurrency(
  most: number,
  now: () => number = () => performance.now(),
): AdaptiveConcurrency {
  const latencies = new Map<string, Latency>();
  let limit = most;
  let lastFall = Number.NEGATIVE_INFINITY;

  const fall = (factor: number, sentAt: number) => {
    // Calls that were sent before the last fall tell nothing about the limit since.
    if (sentAt <= lastFall) return;
    lastFall = now();
    limit = Math.max(1, limit * factor);
  };

  return {
    get current() {
      return Math.floor(limit);
    },
    answered(route, sentAt, active) {
      const ms = now() - sentAt;
      const latency = latencies.get(route) ?? { answers: 0, recent: ms, usual: ms, at: now() };
      if (latency.answers === 0) latencies.set(route, latency);
      latency.answers++;
      latency.recent += (ms - latency.recent) * Math.max(RECENT, 1 / latency.answers);
      const slow = SLOW * latency.usual + ALLOWANCE_MS;
      const isSlow = latency.answers >= LEAST_ANSWERS && latency.recent > slow;
      const weight = ms > latency.usual ? Math.min(USUAL, (now() - latency.at) / SLOWER_IS_USUAL_MS) : USUAL;
      latency.usual += (ms - latency.usual) * Math.max(weight, 1 / latency.answers);
      latency.at = now();
      if (isSlow) {
        if (limit > LEAST_FOR_SLOWNESS) fall(AFTER_SLOWNESS, sentAt);
        // A limit that nobody reaches is not proved by the answers.
      } else if (limit < most && active >= Math.floor(limit)) limit = Math.min(most, limit + 1 / limit);
    },
    refused: (sentAt) => fall(AFTER_REFUSAL, sentAt),
    timedOut: (sentAt) => fall(AFTER_SLOWNESS, sentAt),
    fastest(route) {
      const latency = latencies.get(route);
      return latency && latency.answers >= LEAST_ANSWERS ? Math.min(latency.recent, latency.usual) / 2 : 0;
    },
  };
}
