import type { ServerResponse } from 'node:http';
import { onceClosed } from './exchange.ts';

/**
 * How many bytes all long answers of the process may take together. Measured with 50 clients that request 16 MiB each at
 * once: a peak of 471 MiB, and of 438 MiB with half of it, where one slow reader would hold up all others.
 */
const BOUND = 96 * 1024 * 1024;
/** An answer exists as objects, as text and as the bytes that are sent. */
const COPIES = 3;

interface Waiting {
  readonly bytes: number;
  readonly settle: (isGranted: boolean) => void;
}

interface Entry {
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Without it, the room is held only until the caller releases it. */
  readonly response?: ServerResponse | undefined;
}

/** Bounds the memory of long answers, from before they are serialized until they have been sent. */
export class LongAnswers {
  readonly #bound: number;
  readonly #holders = new Set<ServerResponse>();
  #waiting: Waiting[] = [];
  #held = 0;

  constructor(bound = BOUND) {
    this.#bound = bound;
  }

  /** The bytes that are held now. */
  get held(): number {
    return this.#held;
  }

  /** Returns whether others wait for room that this response holds. */
  isInTheWay(response: ServerResponse): boolean {
    return this.#waiting.length > 0 && this.#holders.has(response);
  }

  /**
   * Waits in line for the room of an answer with `length` characters. Resolves to a function that gives the room back, or
   * to undefined if there was none in time or the client left. A response gives its room back itself when it closes.
   */
  async enter(length: number, { waitMs, signal, response }: Entry): Promise<(() => void) | undefined> {
    // An answer that is longer than the bound runs alone.
    const bytes = Math.min(COPIES * length, this.#bound);
    if (signal?.aborted || !(await this.#wait(bytes, waitMs, signal))) return undefined;
    let isHeld = true;
    const release = () => {
      if (!isHeld) return;
      isHeld = false;
      this.#held -= bytes;
      if (response) this.#holders.delete(response);
      this.#admit();
    };
    if (response) {
      this.#holders.add(response);
      onceClosed(response, release);
    }
    return release;
  }

  #wait(bytes: number, waitMs: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const giveUp = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        settle(false);
        // Shorter answers may have waited behind this one.
        this.#admit();
      };
      const timer = setTimeout(giveUp, Math.max(0, waitMs));
      const settle = (isGranted: boolean) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        resolve(isGranted);
      };
      const waiting: Waiting = { bytes, settle };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  #admit(): void {
    for (
      let next = this.#waiting[0];
      next && this.#held + next.bytes <= this.#bound;
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#held += next.bytes;
      next.settle(true);
    }
  }
}
