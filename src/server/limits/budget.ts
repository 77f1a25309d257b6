import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimited } from '../errors/request-errors.ts';

const MINUTE_S = 60;

/** Points that were taken from a budget for an operation that has not ended. */
interface Reserved {
  points: number;
  /** Called when an operation ends: it may have cost less than it reserved. */
  readonly waiting: Set<() => void>;
}

/** Points per minute, kept by key. */
export class Budgets {
  // One limiter for each number of points: the library has the number in the limiter, not in the key.
  readonly #limiters = new Map<number, RateLimiterMemory>();
  readonly #reserved = new Map<string, Reserved>();

  budget(key: string, points: number): Budget {
    let limiter = this.#limiters.get(points);
    if (!limiter) {
      limiter = new RateLimiterMemory({ points, duration: MINUTE_S });
      this.#limiters.set(points, limiter);
    }
    return new Budget(limiter, key, points, this.#reserved);
  }
}

export class Budget {
  readonly #limiter: RateLimiterMemory;
  readonly #key: string;
  readonly #most: number;
  readonly #reserved: Map<string, Reserved>;

  constructor(limiter: RateLimiterMemory, key: string, most: number, reserved: Map<string, Reserved>) {
    this.#limiter = limiter;
    this.#key = key;
    this.#most = most;
    this.#reserved = reserved;
  }

  /** Takes points and returns how many are left. Takes none, and throws {@link RateLimited}, if there are too few. */
  async take(points: number): Promise<number> {
    try {
      return (await this.#limiter.consume(this.#key, points)).remainingPoints;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      // It counts what it refuses, and a large operation must not take the rest from small ones.
      await this.add(points);
      throw new RateLimited(error.msBeforeNext);
    }
  }

  /** Gives points back, or takes more of them than there are when the number is negative. */
  async add(points: number): Promise<void> {
    if (points > 0) await this.#limiter.reward(this.#key, points);
    if (points < 0) await this.#limiter.penalty(this.#key, -points);
  }

  /** Returns how many points are left, below 0 when more were spent than there were. */
  async left(): Promise<number> {
    const state = await this.#limiter.get(this.#key);
    return state ? this.#most - state.consumedPoints : this.#most;
  }

  /** Whether so many points could be left once the operations that are running have ended. */
  async mayFit(points: number): Promise<boolean> {
    const reserved = this.#reserved.get(this.#key)?.points ?? 0;
    return reserved > 0 && points <= (await this.left()) + reserved;
  }

  /** Notes points as reserved. The returned function ends that. */
  reserve(points: number): () => void {
    const reserved = this.#reserved.get(this.#key) ?? { points: 0, waiting: new Set() };
    this.#reserved.set(this.#key, reserved);
    reserved.points += points;
    return () => {
      reserved.points -= points;
      if (reserved.points === 0 && this.#reserved.get(this.#key) === reserved)
        this.#reserved.delete(this.#key);
      const waiting = [...reserved.waiting];
      reserved.waiting.clear();
      for (const go of waiting) go();
    };
  }

  /** Calls `go` once when an operation with reserved points ends. */
  onSettled(go: () => void): void {
    const reserved = this.#reserved.get(this.#key);
    if (reserved) reserved.waiting.add(go);
    else go();
  }
}
