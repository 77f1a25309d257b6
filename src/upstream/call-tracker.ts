import { Cancellation } from './cancellation.ts';

/** One GraphQL operation as the upstream client sees it: when it ends, and how many calls it has caused. */
export class CallTracker extends Cancellation {
  /** Logged with each upstream failure, to match both sides of a support case. */
  readonly requestId: string;
  /** Management API calls sent for this operation, without token calls. */
  calls = 0;
  /** Answers from the cache, or shared with a call that was under way already. */
  cached = 0;
  /** In the time of `performance.now()`. */
  readonly startedAt = performance.now();
  #waiting = 0;
  #since = 0;
  #ms = 0;

  constructor(requestId: string) {
    super();
    this.requestId = requestId;
  }

  /** Milliseconds in which the operation waited for at least one upstream answer. */
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
