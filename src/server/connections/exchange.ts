import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * A request and its response until that is over. It is kept on the response, and the exchanges of a connection on its
 * socket: tables of requests, which V8 replaces as requests come and go, would keep them in memory for much longer.
 */
export interface Exchange {
  readonly response: ServerResponse;
  /** In the time of `performance.now()`. */
  readonly arrivedAt: number;
  /** Whether the credentials of the request are known to be valid. */
  isAuthenticated: boolean;
  /** Starts the request if it waits for those before it on its connection. */
  start: (() => void) | undefined;
  isOver: boolean;
  /** What is to be done when it is over. */
  readonly atEnd: (() => void)[];
  /** What is to be done when the response begins to stay open. */
  readonly atStream: (() => void)[];
}

const EXCHANGE = Symbol('exchange');
const EXCHANGES = Symbol('exchanges');
type KnownResponse = ServerResponse & { [EXCHANGE]?: Exchange };
type KnownSocket = Socket & { [EXCHANGES]?: Exchange[] };

/** Returns the exchange of a response. It begins with the first call. */
export function exchangeOf(response: ServerResponse): Exchange {
  return (response as KnownResponse)[EXCHANGE] ?? begin(response);
}

/** Returns the exchanges of a connection that are not over, in the order of their requests. */
export function exchangesOn(socket: Socket): readonly Exchange[] {
  return listOn(socket);
}

/** Calls `run` once, when the response has been sent or its connection has ended. */
export function onceClosed(response: ServerResponse, run: () => void): void {
  const { isOver, atEnd } = exchangeOf(response);
  if (isOver) run();
  else atEnd.push(run);
}

function begin(response: ServerResponse): Exchange {
  const { socket } = response.req as IncomingMessage;
  const isOver = socket.destroyed || response.closed;
  const exchange: Exchange = {
    response,
    arrivedAt: performance.now(),
    isAuthenticated: false,
    start: undefined,
    isOver,
    atEnd: [],
    atStream: [],
  };
  (response as KnownResponse)[EXCHANGE] = exchange;
  if (!isOver) {
    listOn(socket).push(exchange);
    response.on('close', endThis);
  }
  return exchange;
}

function listOn(socket: KnownSocket): Exchange[] {
  const known = socket[EXCHANGES];
  if (known) return known;
  const exchanges: Exchange[] = [];
  socket[EXCHANGES] = exchanges;
  // A response that waits behind another one has no `close` event of its own when its connection ends.
  socket.once('close', () => {
    for (const exchange of [...exchanges]) end(exchange);
  });
  return exchanges;
}

function endThis(this: ServerResponse): void {
  end(exchangeOf(this));
}

function end(exchange: Exchange): void {
  if (exchange.isOver) return;
  exchange.isOver = true;
  const exchanges = listOn(exchange.response.req.socket);
  if (exchanges.length === 1) exchanges.pop();
  else exchanges.splice(exchanges.indexOf(exchange), 1);
  for (const run of exchange.atEnd) run();
}
