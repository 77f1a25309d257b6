import type { Cancellation } from '../../upstream/cancellation.ts';

/**
 * How many operations of the largest size run at once. Measured with 50 clients that send them: a peak of 453 MiB with 2,
 * and of 636 MiB with 8, which took nearly twice as long.
 */
const LARGEST_AT_ONCE = 2;
/** Operations with fewer rows never wait. A page of a few hundred units is smaller. */
export const UNBOUNDED_ROWS = 2_000;

interface Waiting {
  readonly tenant: string;
  readonly rows: number;
  readonly go: () => void;
}

/**
 * Bounds the estimated rows of all running operations together. An operation needs memory in proportion to its rows, and
 * many clients may send the largest one at the same time. One tenant gets at most half, so that a slow upstream of its own
 * does not stop the others. Operations that do not fit wait in line until their deadline.
 */
export class RowAdmission {
  readonly #most: number;
  readonly #held = new Map<string, number>();
  #waiting: Waiting[] = [];
  #total = 0;

  constructor(maxRows: number) {
    this.#most = LARGEST_AT_ONCE * maxRows;
  }

  /** Resolves when the rows fit, to a function that releases them. Throws the reason of `end`. */
  async enter(tenant: string, rows: number, end: Cancellation): Promise<() => void> {
    if (rows < UNBOUNDED_ROWS) return () => {};
    await this.#wait(tenant, rows, end);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#hold(tenant, -rows);
      this.#admit();
    };
  }

  #wait(tenant: string, rows: number, end: Cancellation): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        tenant,
        rows,
        go: () => {
          unsubscribe();
          resolve();
        },
      };
      this.#waiting.push(waiting);
      const unsubscribe = end.subscribe((reason) => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(reason);
        // Others may have waited behind this one.
        this.#admit();
      });
      this.#admit();
    });
  }

  /** Admits operations in order. A tenant that has reached its share does not hold up the others. */
  #admit(): void {
    const still: Waiting[] = [];
    const passed = new Set<string>();
    for (const waiting of this.#waiting) {
      const { tenant, rows, go } = waiting;
      if (passed.has(tenant) || !this.#fits(tenant, rows)) {
        passed.add(tenant);
        still.push(waiting);
        continue;
      }
      this.#hold(tenant, rows);
      go();
    }
    this.#waiting = still;
  }

  #fits(tenant: string, rows: number): boolean {
    const held = this.#held.get(tenant) ?? 0;
    return this.#total + rows <= this.#most && held + rows <= this.#most / 2;
  }

  #hold(tenant: string, rows: number): void {
    this.#total += rows;
    const held = (this.#held.get(tenant) ?? 0) + rows;
    if (held > 0) this.#held.set(tenant, held);
    else this.#held.delete(tenant);
  }
}
