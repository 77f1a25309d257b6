import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Beyond this the connection is closed: no client that waits for answers sends so many requests ahead. */
const MAX_WAITING = 64;

interface Turn {
  readonly response: ServerResponse;
  readonly answer: () => void;
}

/**
 * Answers the requests that a client sends ahead on one connection one after another. Node hands on all that it finds in
 * one read, and hundreds of operations would run in one turn of the event loop for answers that must wait anyway.
 */
export class PipelinedRequests {
  readonly #waiting = new WeakMap<Socket, Turn[]>();

  /** Calls `answer` when the answers before it are gone. */
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
    response.once('close', () => {
      const turn = this.#waiting.get(socket)?.shift();
      if (turn === undefined || socket.destroyed) return void this.#waiting.delete(socket);
      this.#afterwards(socket, turn.response);
      setImmediate(turn.answer);
    });
  }
}
