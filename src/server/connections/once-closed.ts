import type { ServerResponse } from 'node:http';

/** Calls `run` once, when the response has been sent or its connection has ended. */
export function onceClosed(response: ServerResponse, run: () => void): void {
  const { socket } = response.req;
  if (socket.destroyed || response.closed) {
    run();
    return;
  }
  const end = () => {
    response.off('close', end);
    socket.off('close', end);
    run();
  };
  response.once('close', end);
  // A response that waits behind another one has no `close` event of its own when its connection ends.
  socket.once('close', end);
}
