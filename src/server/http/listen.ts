import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port that cannot be listened on, told by the variable that named it. */
export class ListenError extends Error {
  override name = 'ListenError';
}

/** Listens, or throws {@link ListenError}. Gives the port, which differs from the asked one when that was 0. */
export function listen(server: Server, host: string, port: number, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, variable, port)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** An error of the system on listening, told by the variable that named the port; any other error as it is. */
export function listenError(error: NodeJS.ErrnoException, variable: string, port: number): Error {
  if (error.syscall !== 'listen') return error;
  const why =
    error.code === 'EADDRINUSE' ? 'is in use by another process' : `cannot be listened on (${error.code})`;
  return new ListenError(`${variable}: ${port} ${why}`);
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
