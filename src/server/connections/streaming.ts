import type { ServerResponse } from 'node:http';
import { exchangeOf, onceClosed } from './exchange.ts';

/** Notes that a response stays open: from now on it is not a request that somebody waits for. */
export function beginStreaming(response: ServerResponse): void {
  for (const run of exchangeOf(response).atStream.splice(0)) run();
}

/** Calls `run` once, when a response begins to stay open. Not called for one that ends like others. */
export function onceStreaming(response: ServerResponse, run: () => void): void {
  exchangeOf(response).atStream.push(run);
}

/** Calls `run` once, when a response has been sent, begins to stay open, or has lost its connection. */
export function onceServed(response: ServerResponse, run: () => void): void {
  let isServed = false;
  const serve = () => {
    if (!isServed) run();
    isServed = true;
  };
  onceStreaming(response, serve);
  onceClosed(response, serve);
}
