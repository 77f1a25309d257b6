import type { Cancellation } from '../../upstream/cancellation.ts';

/**
 * Operations of the largest size that run at once. Measured with 50 clients that send them: 453 MiB at the peak with 2, and
 * 636 MiB with 8, which took nearly twice as long.
 */
const LARGEST_AT_ONCE = 2;
/** An operation with fewer rows than this never waits: a page of a few hundred units. */
const SMALL = 2_000;

interface Waiting {
  readonly tenant: string;
  readonly rows: number;
  readonly go: () => void;
}

/**
 * Bounds how many rows all running operations may hold together, by their estimates: what an operation holds in memory
 * grows with its rows, and many clients may ask for the largest one at the same time. One tenant gets half, so that its
 * slow upstream does not stop the others. Those that do not fit wait in line until their deadline.
 */
export class RowAdmission {
  readonly #most: number;
  readonly #leaving = new WeakMap<Request, () => void>();
  readonly #held = new Map<string, number>();
  #waiting: Waiting[] = [];
  #total = 0;

  constructor(maxRows: number) {
    this.#most = LARGEST_AT_ONCE * maxRows;
  }

  /** Resolves when the rows fit, or throws the reason of `end`. */
  async enter(request: Request, tenant: string, rows: number, end: Cancellation): Promise<void> {
    if (rows < SMALL) return;
    await this.#wait(tenant, rows, end);
    this.#leaving.set(request, () => {
      this.#hold(tenant, -rows);
      this.#admit();
    });
  }

  /** Gives the rows of this request back, if it holds any. */
  leave(request: Request): void {
    this.#leaving.get(request)?.();
    this.#leaving.delete(request);
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
        // It may have been the one that kept the others waiting.
        this.#admit();
      });
      this.#admit();
    });
  }

  /** Lets in whoever fits, in order; a tenant that has its share does not hold up the others. */
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
