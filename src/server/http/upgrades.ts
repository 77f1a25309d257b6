import type { IncomingMessage, Server, ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest } from '../errors/bad-requests.ts';
import { type HttpError, overloaded } from '../errors/http-error.ts';
import { pathOf } from './path-of.ts';
import { findRequestError } from './request-check.ts';
import { writeErrorToSocket } from './socket-error.ts';

/** What a server does with requests for another protocol. */
export interface Upgrades {
  /** Origins of web pages that may begin a WebSocket, by the path of the endpoint. */
  readonly origins: ReadonlyMap<string, readonly string[]>;
  /** Whether there is too much to do for another connection. */
  isFull(): boolean;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const isWebSocket = ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Options for a server with {@link handleUpgrades}: whoever asks for another protocol than a WebSocket is answered in
 * HTTP/1.1, as its specification asks for. Node before 24.9 does not know the option.
 */
export const upgradeOptions = { shouldUpgradeCallback: isWebSocket } satisfies ServerOptions;

/**
 * Passes on the requests for a WebSocket to an endpoint, and refuses all others. Browsers send such a request for any page
 * and ask nobody before, so that pages of other sites must be refused here.
 */
export function handleUpgrades(server: Server, { origins, isFull, accept }: Upgrades): void {
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const error = isFull() ? overloaded() : findUpgradeError(request, origins);
    if (error) writeErrorToSocket(socket, error);
    else accept(request, socket, head);
  });
}

function findUpgradeError(request: IncomingMessage, originsAt: Upgrades['origins']): HttpError | undefined {
  const error = findRequestError(request);
  if (error) return error;
  const { headers, method, url = '' } = request;
  if (!isWebSocket(request)) return badRequest('upgrade');
  if (method !== 'GET') return badRequest('methodNotAllowed', { headers: { allow: 'GET' } });
  const origins = originsAt.get(pathOf(url));
  if (!origins) return badRequest('notFound');
  const { origin } = headers;
  if (origin !== undefined && URL.parse(origin)?.host !== headers.host && !origins.includes(origin))
    return badRequest('foreignOrigin');
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return protocols.includes('graphql-transport-ws') ? undefined : badRequest('webSocketProtocol');
}
