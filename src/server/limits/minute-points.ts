import { LRUCache } from 'lru-cache';

const MINUTE_MS = 60_000;
/** Beyond so many keys within a minute, those that spent nothing for the longest time begin anew. */
const MOST_KEYS = 100_000;

/**
 * Counts points by key, each key in a minute of its own that begins with its first points. Uses the monotonic clock: with
 * the wall clock, setting it back an hour told clients to wait for an hour.
 */
export class MinutePoints {
  readonly #minutes = new LRUCache<string, { points: number; readonly number: number }>({
    // Not `max`, which would take 4 MB of empty places in advance.
    maxSize: MOST_KEYS,
    sizeCalculation: () => 1,
    ttl: MINUTE_MS,
    ttlResolution: 0,
    perf: { now: () => performance.now() },
  });

  #begun = 0;

  /** Returns the points of the current minute. */
  of(key: string): number {
    return this.#minutes.get(key)?.points ?? 0;
  }

  /** Adds points, which may be negative. Returns the points of the current minute. */
  add(key: string, points: number): number {
    const minute = this.#minutes.get(key);
    if (!minute) {
      this.#minutes.set(key, { points, number: ++this.#begun });
      return points;
    }
    minute.points += points;
    return minute.points;
  }

  /** Returns the number of the current minute, which no other minute has; undefined if none has begun. */
  numberOf(key: string): number | undefined {
    return this.#minutes.get(key)?.number;
  }

  /** How much of the current minute is left, in milliseconds. */
  msLeft(key: string): number {
    return this.#minutes.getRemainingTTL(key);
  }
}
