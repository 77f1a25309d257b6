import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchangesOn } from './connections/exchange.ts';
import { closeServer } from './http/listen.ts';

/** How long no new request must arrive before the server closes. */
const QUIET_MS = 250;
const MAX_WAIT_MS = 5_000;

/** Stops a server without breaking requests that clients have already sent. */
export interface Drain {
  readonly isStopping: boolean;
  /** Makes clients close their connections. Call it first, when the gateway reports that it is not ready. */
  start(): void;
  /** Resolves when the server has closed. Cuts the responses that are not finished after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** Watches the connections of a server, so that it can be drained. */
export function createDrain(server: Server): Drain {
  const sockets = new Set<Socket>();
  let lastArrival = 0;
  let isStopping = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (isStopping) response.setHeader('connection', 'close');
    lastArrival = performance.now();
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    get isStopping() {
      return isStopping;
    },
    start() {
      isStopping = true;
      // Clients must not send another request on a connection that is about to close.
      for (const socket of sockets)
        for (const { response } of exchangesOn(socket))
          if (!response.headersSent) response.setHeader('connection', 'close');
    },
    async close(graceMs) {
      // The system may have accepted connections that are not handed over yet. Closing now would reset them.
      const startedAt = performance.now();
      do await sleep(QUIET_MS);
      while (performance.now() - lastArrival < QUIET_MS && performance.now() - startedAt < MAX_WAIT_MS);
      await closeServer(server, graceMs);
    },
  };
}
