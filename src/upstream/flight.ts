import type { CallTracker } from './call-tracker.ts';
import { Cancellation } from './cancellation.ts';
import type { Call } from './endpoint.ts';
import { untilEnd } from './until-end.ts';

/**
 * One piece of work that several operations may wait for. It belongs to none of them: each may leave without hurting the
 * others. When the last one leaves, the work is cancelled, unless it was sent and must go on by itself.
 */
export class Flight<T> {
  readonly call: Call;
  readonly work: Promise<T>;
  #joined = 0;
  #waiters = 0;
  #isSent = false;

  /** `tracker`: the operation that starts the work. It is charged for the call and must join as well. */
  constructor(tracker: CallTracker, start: (flight: Flight<T>) => Promise<T>) {
    this.call = { tracker, cancellation: new Cancellation() };
    this.work = start(this);
  }

  get isSent(): boolean {
    return this.#isSent;
  }

  get isCancelled(): boolean {
    return this.call.cancellation.reason !== undefined;
  }

  get hasWaiters(): boolean {
    return this.#waiters > 0;
  }

  /** Lets the work go on when nobody waits for it any more. */
  markSent(): void {
    this.#isSent = true;
  }

  /** Waits for the work, or for the end of the operation. `errorFor` turns the reason of that end into the error. */
  join(tracker: CallTracker, errorFor = (reason: Error) => reason): Promise<T> {
    this.#waiters++;
    if (this.#joined++ > 0) {
      tracker.cached++;
      this.call.onJoin?.(tracker);
    }
    return untilEnd(this.work, tracker, (reason) => {
      this.#waiters--;
      const error = errorFor(reason);
      if (this.#waiters === 0 && !this.#isSent) this.call.cancellation.cancel(reason);
      return error;
    });
  }
}
