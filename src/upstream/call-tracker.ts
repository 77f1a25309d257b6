import { Cancellation } from './cancellation.ts';

/** One GraphQL operation as the upstream client sees it: when to stop waiting, and what it has cost so far. */
export class CallTracker extends Cancellation {
  /** Goes into logs beside the upstream's own problem, so that both sides of a support case can be matched. */
  readonly requestId: string;
  /** Management API calls sent for this operation; token calls are not counted. */
  calls = 0;
  /** Answers that needed no call of their own: from the cache, or shared with a call already under way. */
  cached = 0;
  /** On the clock of `performance.now()`. */
  readonly startedAt = performance.now();
  #waiting = 0;
  #since = 0;
  #ms = 0;

  constructor(requestId: string) {
    super();
    this.requestId = requestId;
  }

  /** Milliseconds during which at least one upstream answer was awaited. */
  get ms(): number {
    return this.#waiting > 0 ? this.#ms + performance.now() - this.#since : this.#ms;
  }

  waitBegins(): void {
    if (this.#waiting++ === 0) this.#since = performance.now();
  }

  waitEnds(): void {
    if (--this.#waiting === 0) this.#ms += performance.now() - this.#since;
  }
}
