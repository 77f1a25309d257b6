import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port that cannot be listened on, told by the variable that named it. */
export class ListenError extends Error {
  override name = 'ListenError';
}

/** Listens, or throws {@link ListenError}. Gives the port, which differs from the asked one when that was 0. */
export function listen(server: Server, host: string, port: number, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'is in use by another process'
          : `cannot be listened on (${error.code})`;
      reject(new ListenError(`${variable}: ${port} ${why}`));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

const IDLE_CHECK_MS = 50;

/**
 * Takes no more connections and resolves when the last answer has been sent; what is not sent after `graceMs` is cut.
 * A connection that was busy at the start falls idle later, and would otherwise stay open for its keep-alive time.
 */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const grace = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(grace);
      resolve();
    });
    server.closeIdleConnections();
  });
}
