import type { Dropped } from '../protocol.ts';
import { tellAll, type Workers } from './tell-all.ts';

/** Tells all workers which copies of answers they must not use any more. */
export class Drops {
  readonly #workers: () => Workers;
  #next: Dropped[] = [];
  #running: Promise<void> | undefined;

  constructor(workers: () => Workers) {
    this.#workers = workers;
  }

  readonly add = (key: Dropped['key'], path: string, isPrefix: boolean): void => {
    this.#next.push({ key, path, isPrefix });
    if (this.#next.length > 1) return;
    // At the end of this turn, before anything that the turn answers: messages of a channel keep their order.
    const sending = Promise.resolve().then(() => this.#send());
    const running = Promise.all([this.#running, sending]).then(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
  };

  /** Resolves when every worker knows of what has been added; undefined if all do. */
  readonly known = (): Promise<void> | undefined => this.#running;

  async #send(): Promise<void> {
    const dropped = this.#next;
    this.#next = [];
    await tellAll(this.#workers(), 'drop', dropped);
  }
}
