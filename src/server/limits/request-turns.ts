/**
 * Starts one request in each turn of the event loop. Node would start every request that has arrived before it accepts the
 * next connection, one connection a turn: under load, new clients would wait for seconds while nobody knows of them.
 */
export class RequestTurns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** Calls `start` at once if no other request has been started in this turn. */
  run(start: () => void): void {
    if (this.#isTaken) this.#waiting.push(start);
    else this.#take(start);
  }

  #take(start: () => void): void {
    this.#isTaken = true;
    setImmediate(() => {
      this.#isTaken = false;
      const next = this.#waiting.shift();
      if (next) this.#take(next);
    });
    start();
  }
}
