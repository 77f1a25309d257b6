import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What is to be done when a response is over. One listener for all of it: each takes time in every request. */
const runs = new WeakMap<ServerResponse, (() => void)[]>();
/** The responses of a connection that are not over. */
const unfinished = new WeakMap<Socket, Set<ServerResponse>>();

/** Calls `run` once, when the response has been sent or its connection has ended. */
export function onceClosed(response: ServerResponse, run: () => void): void {
  const known = runs.get(response);
  if (known) {
    known.push(run);
    return;
  }
  const { socket } = response.req;
  if (socket.destroyed || response.closed) {
    run();
    return;
  }
  runs.set(response, [run]);
  responsesOf(socket).add(response);
  response.once('close', () => end(response));
}

function responsesOf(socket: Socket): Set<ServerResponse> {
  const known = unfinished.get(socket);
  if (known) return known;
  const responses = new Set<ServerResponse>();
  unfinished.set(socket, responses);
  // A response that waits behind another one has no `close` event of its own when its connection ends.
  socket.once('close', () => {
    for (const response of responses) end(response);
  });
  return responses;
}

function end(response: ServerResponse): void {
  const ending = runs.get(response);
  if (!ending) return;
  runs.delete(response);
  unfinished.get(response.req.socket)?.delete(response);
  for (const run of ending) run();
}
