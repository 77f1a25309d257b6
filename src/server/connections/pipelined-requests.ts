import type { ServerResponse } from 'node:http';
import { exchangeOf, exchangesOn, onceClosed } from './exchange.ts';

/** No client that reads its responses sends more requests ahead. Beyond this, the connection is closed. */
const MAX_WAITING = 64;

/**
 * Calls `answer` when the responses before this one on its connection have been sent. Node emits all requests of one read at
 * once, so hundreds of operations would run in one turn of the event loop, for responses that must wait for each other
 * anyway.
 */
export function inTurn(response: ServerResponse, answer: () => void): void {
  const { socket } = response.req;
  const exchange = exchangeOf(response);
  const exchanges = exchangesOn(socket);
  if (exchanges.length > 1 + MAX_WAITING) return void socket.destroy();
  onceClosed(response, () => startNext(exchanges));
  if (exchanges.length > 1) exchange.start = answer;
  else answer();
}

function startNext([next]: readonly ReturnType<typeof exchangeOf>[]): void {
  if (!next?.start || next.response.req.socket.destroyed) return;
  setImmediate(next.start);
  next.start = undefined;
}
