import type { ServerResponse } from 'node:http';
import { onceClosed } from './once-closed.ts';

/** What is to be done when a response begins to stay open. */
const runs = new WeakMap<ServerResponse, (() => void)[]>();

/** Notes that a response stays open: from now on it is not a request that somebody waits for. */
export function beginStreaming(response: ServerResponse): void {
  const beginning = runs.get(response) ?? [];
  runs.delete(response);
  for (const run of beginning) run();
}

/** Calls `run` once, when a response begins to stay open. Not called for one that ends like others. */
export function onceStreaming(response: ServerResponse, run: () => void): void {
  const known = runs.get(response);
  if (known) known.push(run);
  else runs.set(response, [run]);
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
