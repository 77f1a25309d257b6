import type { Change } from './change.ts';

/** Kept in memory, for those who follow: more than a busy minute has. */
const MOST_RECENT = 5_000;

/** Tells of the changes of one tenant as they are stored. Those who miss something read it from the index. */
export class ChangeFeed {
  /** Without a gap, in their order. */
  #recent: Change[] = [];
  readonly #waiting = new Set<() => void>();

  push(changes: readonly Change[]): void {
    const last = this.#recent.at(-1)?.sequence;
    // Word of some was lost, or the file is another one.
    if (last !== undefined && changes[0]?.sequence !== last + 1) this.#recent = [];
    for (const change of changes) this.#recent.push(change);
    if (this.#recent.length > 2 * MOST_RECENT) this.#recent = this.#recent.slice(-MOST_RECENT);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Returns the changes after a sequence number; undefined if only the index knows them all. */
  after(sequence: number): readonly Change[] | undefined {
    const first = this.#recent[0]?.sequence;
    if (first === undefined || sequence < first - 1) return undefined;
    return this.#recent.slice(sequence - first + 1);
  }

  /** Resolves at the next change, after a time in milliseconds, or when the signal aborts. */
  next(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms).unref();
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}
