/**
 * An AbortSignal for many listeners. One operation may wait for thousands of upstream calls, and EventTarget searches its
 * whole list of listeners on every subscription.
 */
export class Cancellation {
  readonly #listeners = new Set<(reason: Error) => void>();
  #reason: Error | undefined;

  /** Why it was cancelled; undefined as long as it was not. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  /** Only the first call has an effect. */
  cancel(reason: Error): void {
    if (this.#reason) return;
    this.#reason = reason;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(reason);
  }

  /** Calls `listener` when it is cancelled, or at once if it is already. Returns a function that unsubscribes. */
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
