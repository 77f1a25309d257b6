import { RateLimited } from '../errors/request-errors.ts';
import { MinutePoints } from './minute-points.ts';

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
  readonly #spent = new MinutePoints();
  readonly #reserved = new Map<string, Reserved>();

  budget(owner: Owner, key: string, points: number): Budget {
    return new Budget(owner, this.#spent, `${owner} ${key}`, points, this.#reserved);
  }
}

export class Budget {
  readonly #owner: Owner;
  readonly #spent: MinutePoints;
  readonly #key: string;
  readonly #most: number;
  readonly #reserved: Map<string, Reserved>;

  constructor(owner: Owner, spent: MinutePoints, key: string, most: number, reserved: Map<string, Reserved>) {
    this.#owner = owner;
    this.#spent = spent;
    this.#key = key;
    this.#most = most;
    this.#reserved = reserved;
  }

  /** Throws {@link RateLimited} if there are too few points. */
  require(points: number): void {
    if (points > this.left()) throw new RateLimited(this.#owner, Math.ceil(this.#spent.msLeft(this.#key)));
  }

  /** Returns points. A negative number takes them, even below zero. Returns how many are left. */
  add(points: number): number {
    return this.#most - (points === 0 ? this.#spent.of(this.#key) : this.#spent.add(this.#key, -points));
  }

  /** Returns how many points are left. Negative if more were charged than were available. */
  left(): number {
    return this.#most - this.#spent.of(this.#key);
  }

  /** Returns whether this many points could be available once the running operations have ended. */
  mayFit(points: number): boolean {
    const reserved = this.#reserved.get(this.#key)?.points ?? 0;
    return reserved > 0 && points <= this.left() + reserved;
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
