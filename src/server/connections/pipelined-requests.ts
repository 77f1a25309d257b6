import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { onceClosed } from './once-closed.ts';

/** No client that reads its responses sends more requests ahead. Beyond this, the connection is closed. */
const MAX_WAITING = 64;

interface Turn {
  readonly response: ServerResponse;
  readonly answer: () => void;
}

/**
 * Runs the pipelined requests of a connection one after another. Node emits all requests of one read at once, so hundreds
 * of operations would run in one turn of the event loop, for responses that must wait for each other anyway.
 */
export class PipelinedRequests {
  readonly #waiting = new WeakMap<Socket, Turn[]>();

  /** Calls `answer` when the responses before it have been sent. */
  inTurn(response: ServerResponse, answer: () => void): void {
    const { socket } = response.req;
    const turns = this.#waiting.get(socket);
    if (turns === undefined) {
      this.#waiting.set(socket, []);
      this.#afterwards(socket, response);
      answer();
    } else if (turns.length < MAX_WAITING) turns.push({ response, answer });
    else socket.destroy();
  }

  #afterwards(socket: Socket, response: ServerResponse): void {
    onceClosed(response, () => {
      const turn = this.#waiting.get(socket)?.shift();
      if (turn === undefined || socket.destroyed) return void this.#waiting.delete(socket);
      this.#afterwards(socket, turn.response);
      setImmediate(turn.answer);
    });
  }
}
