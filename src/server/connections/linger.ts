import { Socket } from 'node:net';
import { exchangesOn } from './exchange.ts';

const LINGER_MS = 1_000;
const MAX_BYTES = 16 * 1024 * 1024;
const LOOK_MS = 10;

/**
 * Reads and discards, for at most about a second and 16 MiB, the rest of a body that was refused on a connection. If that
 * were closed at once, the client would see a failed write instead of the refusal.
 */
export function lingerAfterRefusal(socket: Socket): void {
  // Node calls this when it has written a response with `Connection: close`.
  socket.destroySoon = () => {
    const request = exchangesOn(socket)[0]?.response.req;
    if (!request || request.complete || socket.destroyed) return Socket.prototype.destroySoon.call(socket);
    const until = performance.now() + LINGER_MS;
    const lastByte = socket.bytesRead + MAX_BYTES;
    // Node discards the rest of the body without an event that could count it.
    const looking = setInterval(() => {
      if (request.complete || performance.now() > until || socket.bytesRead > lastByte) socket.destroy();
    }, LOOK_MS);
    socket.once('close', () => clearInterval(looking));
    socket.end();
    // The previous reader would pause the stream once its buffer is full.
    request.removeAllListeners('data').resume();
  };
}
