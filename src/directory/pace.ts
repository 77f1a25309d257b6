export interface PaceOptions {
  readonly callsPerSecond: number;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/** Never slower than this part of the full pace. */
const SLOWEST = 1 / 64;
/** Regained per second, as a part of the full pace. */
const RECOVERY_PER_S = 0.05;
/** What a late timer missed is made up for, up to this part of a second: then the full pace is a little lower than it may be. */
const BURST_S = 0.02;

/**
 * How fast background calls may follow each other: no second has more than `callsPerSecond`. Halved when the upstream is
 * troubled; recovers within 20 s.
 */
export class Pace {
  readonly #most: number;
  readonly #now: () => number;
  #rate: number;
  /** When the next call may start. */
  #next: number;
  #changedAt: number;

  constructor({ callsPerSecond, now = () => performance.now() }: PaceOptions) {
    this.#most = callsPerSecond * (1 - BURST_S);
    this.#rate = this.#most;
    this.#now = now;
    this.#next = now();
    this.#changedAt = now();
  }

  /** Calls per second at the moment. */
  get rate(): number {
    if (this.#most === Number.POSITIVE_INFINITY) return this.#most;
    const elapsedS = (this.#now() - this.#changedAt) / 1_000;
    return Math.min(this.#most, this.#rate + elapsedS * RECOVERY_PER_S * this.#most);
  }

  /** Takes the next place. Returns how long to wait for it, in milliseconds. */
  take(): number {
    const now = this.#now();
    const start = Math.max(this.#next, now - BURST_S * 1_000);
    this.#next = start + 1_000 / this.rate;
    return Math.max(0, start - now);
  }

  halve(): void {
    this.#rate = Math.max(this.#most * SLOWEST, this.rate / 2);
    this.#changedAt = this.#now();
  }
}
