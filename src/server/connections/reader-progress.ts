import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How much of an answer a client must take in how much time, unless it takes all of it. */
export interface MinimalRate {
  readonly timeoutMs: number;
  readonly minBytes: number;
}

/** Watches how one client takes its answers, across pipelined ones: a small answer now and then is no progress. */
export class ReaderProgress {
  #isWatched = false;
  #taken = 0;
  #progressAt = 0;
  #windowTaken = 0;
  #windowAt = 0;

  /** Looks at the response again. What was written and is not taken makes its client one that has to read. */
  observe({ writableLength, socket }: ServerResponse, now: number): void {
    // An answer that waits behind another on its connection has no socket yet: the other is watched.
    if (!socket) return;
    const taken = writableLength > 0 ? takenBySystem(socket) : undefined;
    if (taken === undefined) {
      this.#isWatched = false;
      return;
    }
    if (!this.#isWatched || taken > this.#taken) this.#progressAt = now;
    if (!this.#isWatched) {
      this.#windowAt = now;
      this.#windowTaken = taken;
    }
    this.#isWatched = true;
    this.#taken = taken;
  }

  /** Returns since when nothing was taken of what could be. */
  stalledMs(now: number): number {
    return this.#isWatched ? now - this.#progressAt : 0;
  }

  /** Judges the rate at the end of each time-out. */
  isTooSlow(now: number, { timeoutMs, minBytes }: MinimalRate): boolean {
    if (!this.#isWatched || now - this.#windowAt < timeoutMs) return false;
    if (this.#taken - this.#windowTaken < minBytes) return true;
    this.#windowAt = now;
    this.#windowTaken = this.#taken;
    return false;
  }
}

interface Handle {
  readonly bytesWritten?: number;
  readonly writeQueueSize?: number;
}

// A stream reports only that a whole chunk is gone, however long it is. Its handle also knows about parts of a chunk, and
// Node's own time-out looks there too.
function takenBySystem(socket: Socket): number | undefined {
  const { _handle: handle } = socket as { _handle?: Handle | null };
  if (!handle) return undefined;
  return (handle.bytesWritten ?? socket.bytesWritten) - (handle.writeQueueSize ?? socket.writableLength);
}
