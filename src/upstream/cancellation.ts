/**
 * An AbortSignal for many listeners: one operation may wait for thousands of upstream calls, and EventTarget walks
 * its whole list on every subscription.
 */
export class Cancellation {
  readonly #listeners = new Set<(reason: Error) => void>();
  #reason: Error | undefined;

  /** Why it was cancelled; undefined while it still stands. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /** The first reason stays; later calls do nothing. */
  cancel(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(reason);
  }

  /** Calls `listener` once, at the cancellation; at once if that has happened. Returns the way to unsubscribe. */
  subscribe(listener: (reason: Error) => void): () => void {
    if (this.#reason) {
      listener(this.#reason);
      return () => {};
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
