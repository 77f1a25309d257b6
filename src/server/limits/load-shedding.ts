import type { ServerResponse } from 'node:http';
import { onceClosed } from '../connections/once-closed.ts';
import { HttpError } from '../errors/http-error.ts';

const TICK_MS = 20;
/** A loop that is this late has more work than it can do. One long response is no overload, see {@link FEW}. */
const LATE_MS = 30;
/** A burst of requests makes the loop late for less than this. */
const BURST_MS = 500;
/** With this many requests under way or fewer, none is refused. */
const FEW = 64;
/** However late the loop is: more requests under way take too much memory. */
const MOST = 2_000;
const FALL = 0.8;
const RISE = 0.02;
/** Below this share, requests are refused before they are read. Above it, writes still pass. */
const MILD = 0.5;
const RETRY_AFTER_MS = 1_000;

export interface LoadSheddingOptions {
  /** Called for each refused request. */
  readonly onShed?: () => void;
  readonly random?: () => number;
}

/**
 * Refuses requests while the event loop is late for longer than a burst makes it, so that those that are accepted are answered in time. The share of accepted
 * requests falls by a fifth for each late tick and rises slowly, so that it settles where the loop is just busy. While
 * more than half is accepted, the bodies are read and only queries are refused, which leaves a reserve for writes. Probes
 * have a server of their own.
 */
export class LoadShedding {
  readonly #onShed: () => void;
  readonly #random: () => number;
  readonly #timer: NodeJS.Timeout;
  #accepted = 1;
  #underWay = 0;
  #lateFor = 0;
  #lastTick = performance.now();

  constructor({ onShed = () => {}, random = Math.random }: LoadSheddingOptions = {}) {
    this.#onShed = onShed;
    this.#random = random;
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.tick(now - this.#lastTick - TICK_MS);
      this.#lastTick = now;
    }, TICK_MS).unref();
  }

  /** Requests that were accepted and not answered yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Adapts to how late the loop is, in milliseconds. */
  tick(lateMs: number): void {
    this.#lateFor = lateMs > LATE_MS ? this.#lateFor + lateMs : 0;
    if (this.#lateFor > BURST_MS) this.#accepted *= FALL;
    else if (this.#lateFor === 0) this.#accepted = Math.min(1, this.#accepted + RISE);
  }

  /** Returns the refusal of a request that has not been read yet; undefined if it is accepted. */
  refuse(response: ServerResponse): HttpError | undefined {
    const share = this.#accepted < MILD ? this.#accepted / MILD : 1;
    if (this.#underWay >= MOST || (this.#underWay > FEW && this.#random() >= share)) return this.#shed();
    this.#underWay++;
    onceClosed(response, () => void this.#underWay--);
    return undefined;
  }

  /** Returns the refusal of a query; undefined if it is accepted. */
  refuseQuery(): HttpError | undefined {
    const share = this.#accepted < MILD ? 1 : (this.#accepted - MILD) / MILD;
    return this.#underWay > FEW && this.#random() >= share ? this.#shed() : undefined;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #shed(): HttpError {
    this.#onShed();
    return new HttpError('OVERLOADED', { status: 503, retryAfterMs: RETRY_AFTER_MS });
  }
}
