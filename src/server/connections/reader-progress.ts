import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many bytes of a response a client must read per period, unless it reads all of it. */
export interface MinimalRate {
  readonly timeoutMs: number;
  readonly minBytes: number;
}

/** Watches how fast one client reads, across pipelined responses: a small response now and then is not progress. */
export class ReaderProgress {
  #isWatched = false;
  #taken = 0;
  #progressAt = 0;
  #windowTaken = 0;
  #windowAt = 0;

  /** Updates the progress. Watches the client while bytes are written that it has not read. */
  observe({ writableLength, socket }: ServerResponse, now: number): void {
    // A response that waits behind another one has no socket yet. The other one is watched.
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

  /** Returns for how long the client has read nothing although it could. */
  stalledMs(now: number): number {
    return this.#isWatched ? now - this.#progressAt : 0;
  }

  /** Returns whether the client read too little in the last period. */
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

// A stream only reports whole chunks, however long they are. Its handle also counts parts of a chunk, which Node's own
// time-out uses too.
function takenBySystem(socket: Socket): number | undefined {
  const { _handle: handle } = socket as { _handle?: Handle | null };
  if (!handle) return undefined;
  return (handle.bytesWritten ?? socket.bytesWritten) - (handle.writeQueueSize ?? socket.writableLength);
}
