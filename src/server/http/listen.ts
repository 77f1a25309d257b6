import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port that is not available. The message names the variable that configured it. */
export class ListenError extends Error {
  override name = 'ListenError';
}

/** Listens, and returns the port, which differs from `port` if that is 0. Throws {@link ListenError}. */
export function listen(server: Server, host: string, port: number, variable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, variable, port)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Turns a system error of `listen` into a {@link ListenError}. Returns other errors unchanged. */
export function listenError(error: NodeJS.ErrnoException, variable: string, port: number): Error {
  if (error.syscall !== 'listen') return error;
  const why =
    error.code === 'EADDRINUSE' ? 'is in use by another process' : `cannot be listened on (${error.code})`;
  return new ListenError(`${variable}: ${port} ${why}`);
}

const IDLE_CHECK_MS = 50;

/**
 * Accepts no more connections, and resolves when the last response has been sent. Cuts responses that are not finished after
 * `graceMs`. Closes connections as they become idle, which would otherwise stay open for their keep-alive time.
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
