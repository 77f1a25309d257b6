import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { Connections, MAX_CONNECTIONS } from '../connections/connections.ts';
import { PipelinedRequests } from '../connections/pipelined-requests.ts';
import { UnsentAnswers } from '../connections/unsent-answers.ts';
import { refusePlainly } from './plain-error.ts';
import { refuseOnSocket } from './raw-answer.ts';
import { findRequestFault } from './request-check.ts';
import { withSecurityHeaders } from './with-security-headers.ts';

/** How much of a connection a client may hold, and for how long. Checked every second. */
export const limits = {
  // Room for a token of 4 KB beside what browsers and proxies add.
  maxHeaderSize: 8 * 1024,
  headersTimeout: 10_000,
  // With the second between two checks no unfinished request is older than 15 s.
  requestTimeout: 14_000,
  // Longer than proxies keep theirs, so that it is never ours that closes under a request.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
} as const satisfies ServerOptions;

/** What bounds the clients of a server beside {@link limits}. */
export interface ClientBounds {
  readonly connections?: Connections;
  /** Shared by all servers of the process. */
  readonly unsentAnswers?: UnsentAnswers;
}

const CONNECT_AGAIN_MS = 1_000;

/** A server for `listener` that answers in the form of every other error what it does not hand on. */
export function createHttpServer(
  listener: RequestListener,
  options: ServerOptions = limits,
  { connections = new Connections(), unsentAnswers = new UnsentAnswers() }: ClientBounds = {},
): Server {
  const pipelined = new PipelinedRequests();
  const checked: RequestListener = (request, response) => {
    connections.begin(response);
    unsentAnswers.track(response);
    const fault = findRequestFault(request);
    pipelined.inTurn(response, () => {
      if (fault) refusePlainly(response, fault.status, fault.message);
      else listener(request, response);
    });
  };
  // Node's own refusals have no body: these requests are checked here.
  const server = createServer({ ...options, requireHostHeader: false }, withSecurityHeaders(checked));
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('checkContinue', (request, response) => {
    if (!findRequestFault(request)) response.writeContinue();
    server.emit('request', request, response);
  });
  server.on('connect', (_request, socket) =>
    refuseOnSocket(socket, '405 Method Not Allowed', 'This is not a proxy.', {
      headers: ['allow: GET, POST'],
    }),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket));
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket) => {
    if (connections.accept(socket)) return;
    const details = {
      code: 'RATE_LIMITED',
      retryAfterMs: CONNECT_AGAIN_MS,
      headers: ['retry-after: 1'],
    } as const;
    refuseOnSocket(socket, '429 Too Many Requests', 'Too many connections from this address.', details);
  });
  server.closeIdleConnections = () => connections.closeIdle();
  return server;
}

function refuse({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  // A client that is gone reads nothing, and an answer that has begun must not get another one into it.
  if (code === 'ECONNRESET' || !socket.writable || hasBegun(socket)) return void socket.destroy();
  const [status, message] = answers[code ?? ''] ?? ['400 Bad Request', 'The request is not valid HTTP.'];
  refuseOnSocket(socket, status, message);
}

const answers: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'Send less in the headers.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Content Too Large', 'Send the body without chunk extensions.'],
};

/** Node keeps the answer under way on the socket; there is no other way to learn of it here. */
function hasBegun(socket: Duplex): boolean {
  return (socket as { _httpMessage?: { headersSent?: boolean } })._httpMessage?.headersSent === true;
}
