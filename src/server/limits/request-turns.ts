/** How long the requests that are started in one turn may take together. The last one may take longer. */
const TURN_MS = 2;

/**
 * Starts the requests that have arrived in turns of the event loop. Node would start all of them before it accepts the
 * next connection, one connection a turn: under load, new clients would wait for seconds while nobody knows of them.
 */
export class RequestTurns {
  readonly #waiting: (() => void)[] = [];
  #since: number | undefined;

  /** Calls `start` before the next sockets are read, or in a later turn if this one has taken long enough. */
  run(start: () => void): void {
    this.#waiting.push(start);
    // One callback for each request: what a request does at once is done before the next callback.
    setImmediate(this.#step);
  }

  readonly #step = () => {
    const now = performance.now();
    if (this.#since === undefined) {
      this.#since = now;
      // The first callback of the next turn.
      setImmediate(() => {
        this.#since = undefined;
      });
    } else if (now - this.#since > TURN_MS) {
      setImmediate(this.#step);
      return;
    }
    this.#waiting.shift()?.();
  };
}
