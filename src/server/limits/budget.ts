import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimited } from '../errors/request-errors.ts';

const MINUTE_S = 60;

/** Whose points they are. */
export type Owner = 'caller' | 'tenant';

/** Points that running operations have reserved. */
interface Reserved {
  points: number;
  /** Called when an operation ends, since it may have cost less than it reserved. */
  readonly waiting: Set<() => void>;
}

/** Points per minute, kept by key. */
export class Budgets {
  // One limiter for each number of points: the library keeps the number in the limiter, not with the key.
  readonly #limiters = new Map<number, RateLimiterMemory>();
  readonly #reserved = new Map<string, Reserved>();

  budget(owner: Owner, key: string, points: number): Budget {
    let limiter = this.#limiters.get(points);
    if (!limiter) {
      limiter = new RateLimiterMemory({ points, duration: MINUTE_S });
      this.#limiters.set(points, limiter);
    }
    return new Budget(owner, limiter, `${owner} ${key}`, points, this.#reserved);
  }
}

export class Budget {
  readonly #owner: Owner;
  readonly #limiter: RateLimiterMemory;
  readonly #key: string;
  readonly #most: number;
  readonly #reserved: Map<string, Reserved>;

  constructor(
    owner: Owner,
    limiter: RateLimiterMemory,
    key: string,
    most: number,
    reserved: Map<string, Reserved>,
  ) {
    this.#owner = owner;
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
      // The library also counts refused points. A large operation must not take the rest from small ones.
      await this.add(points);
      throw new RateLimited(this.#owner, error.msBeforeNext);
    }
  }

  /** Returns points. A negative number takes them, even below zero. */
  async add(points: number): Promise<void> {
    if (points > 0) await this.#limiter.reward(this.#key, points);
    if (points < 0) await this.#limiter.penalty(this.#key, -points);
  }

  /** Returns how many points are left. Negative if more were charged than were available. */
  async left(): Promise<number> {
    const state = await this.#limiter.get(this.#key);
    return state ? this.#most - state.consumedPoints : this.#most;
  }

  /** Returns whether this many points could be available once the running operations have ended. */
  async mayFit(points: number): Promise<boolean> {
    const reserved = this.#reserved.get(this.#key)?.points ?? 0;
    return reserved > 0 && points <= (await this.left()) + reserved;
  }

  /** Marks points as reserved, until the returned function is called. */
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
