import { LRUCache } from 'lru-cache';

const MINUTE_MS = 60_000;
/** Beyond so many keys within a minute, those that spent nothing for the longest time begin anew. */
const MOST_KEYS = 100_000;

/**
 * Counts points by key, each key in a minute of its own that begins with its first points. Uses the monotonic clock: with
 * the wall clock, setting it back an hour told clients to wait for an hour.
 */
export class MinutePoints {
  readonly #minutes = new LRUCache<string, { points: number }>({
    max: MOST_KEYS,
    ttl: MINUTE_MS,
    ttlResolution: 0,
    perf: { now: () => performance.now() },
  });

  /** Returns the points of the current minute. */
  of(key: string): number {
    return this.#minutes.get(key)?.points ?? 0;
  }

  /** Adds points, which may be negative. Returns the points of the current minute. */
  add(key: string, points: number): number {
    const minute = this.#minutes.get(key);
    if (!minute) {
      this.#minutes.set(key, { points });
      return points;
    }
    minute.points += points;
    return minute.points;
  }

  /** How much of the current minute is left, in milliseconds. */
  msLeft(key: string): number {
    return this.#minutes.getRemainingTTL(key);
  }
}
