import type { IncomingMessage } from 'node:http';

const arrivals = new WeakMap<IncomingMessage, number>();

/** Notes that a request is here, which may wait for its start. Returns the time of `performance.now()`. */
export function noteArrival(request: IncomingMessage): number {
  const now = performance.now();
  arrivals.set(request, now);
  return now;
}

/** Returns when a request arrived; undefined for one that came over no socket. */
export const arrivalOf = (request: IncomingMessage | undefined): number | undefined =>
  request && arrivals.get(request);
