import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { Connections, MAX_CONNECTIONS } from '../connections/connections.ts';
import { exchangeOf } from '../connections/exchange.ts';
import { lingerAfterRefusal } from '../connections/linger.ts';
import { inTurn } from '../connections/pipelined-requests.ts';
import { onceServed } from '../connections/streaming.ts';
import { UnsentAnswers } from '../connections/unsent-answers.ts';
import { badRequest, type badRequests } from '../errors/bad-requests.ts';
import { HttpError } from '../errors/http-error.ts';
import { rateLimitMessages } from '../errors/request-errors.ts';
import type { LoadShedding } from '../limits/load-shedding.ts';
import { RequestTurns } from '../limits/request-turns.ts';
import { findRequestError } from './request-check.ts';
import { sendError } from './send-error.ts';
import { writeErrorToSocket } from './socket-error.ts';
import { handleUpgrades, type Upgrades, upgradeOptions } from './upgrades.ts';
import { withSecurityHeaders } from './with-security-headers.ts';

/** How large and how slow a request may be. Checked every second. */
export const limits = {
  // Room for a token of 4 KB in addition to what browsers and proxies send.
  maxHeaderSize: 8 * 1024,
  headersTimeout: 10_000,
  // Including the second between two checks, no unfinished request is older than 15 s.
  requestTimeout: 14_000,
  // Longer than in proxies, so that the gateway never closes a connection on which a proxy has just sent a request.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
} as const satisfies ServerOptions;

/** Bounds of all clients of a server together, in addition to {@link limits} for each request. */
export interface ClientBounds {
  readonly connections?: Connections;
  /** Shared by all servers of the process. */
  readonly unsentAnswers?: UnsentAnswers;
  /** Refuses requests under overload. Absent for the server of the probes. */
  readonly shedding?: LoadShedding;
  /** Called for each request that is refused before GraphQL sees it. */
  readonly onRefused?: (request: IncomingMessage, error: HttpError) => void;
  /** The listener sends the security headers itself. */
  readonly hasSecurityHeaders?: boolean;
  /** WebSockets; refused like any other protocol if absent. */
  readonly upgrades?: Upgrades | undefined;
  /** Called when a response has been sent, begins to stay open, or has lost its connection. */
  readonly onServed?: (request: IncomingMessage, response: ServerResponse, seconds: number) => void;
}

const RECONNECT_MS = 1_000;

/** Creates a server that refuses invalid requests itself, with errors in the same form as all others. */
export function createHttpServer(
  listener: RequestListener,
  options: ServerOptions = limits,
  {
    connections = new Connections(),
    unsentAnswers = new UnsentAnswers(),
    shedding,
    onRefused,
    onServed,
    upgrades,
    hasSecurityHeaders = false,
  }: ClientBounds = {},
): Server {
  const turns = new RequestTurns();
  const checked: RequestListener = (request, response) => {
    const { arrivedAt } = exchangeOf(response);
    if (onServed)
      onceServed(response, () => onServed(request, response, (performance.now() - arrivedAt) / 1_000));
    connections.begin(response);
    unsentAnswers.track(response);
    const error = findRequestError(request);
    inTurn(response, () => {
      if (error) {
        onRefused?.(request, error);
        sendError(response, error);
        return;
      }
      shedding?.accept(response);
      turns.run(() => {
        shedding?.start(response);
        listener(request, response);
      });
    });
  };
  const served = hasSecurityHeaders ? checked : withSecurityHeaders(checked);
  const upgradable = upgrades ? upgradeOptions : {};
  const server = createServer(
    // Node would refuse a request without a Host header with an empty body, so the check is above.
    { ...options, ...upgradable, requireHostHeader: false },
    (request, response) => {
      if (shedding?.isFull) shedding.refuse(response);
      else served(request, response);
    },
  );
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('checkContinue', (request, response) => {
    if (!findRequestError(request)) response.writeContinue();
    server.emit('request', request, response);
  });
  server.on('connect', (_request, socket) =>
    writeErrorToSocket(socket, badRequest('noProxy', { headers: { allow: 'GET, POST' } })),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket));
  if (upgrades) handleUpgrades(server, upgrades);
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket) => {
    lingerAfterRefusal(socket);
    if (connections.accept(socket)) return;
    const message = rateLimitMessages.connections;
    writeErrorToSocket(socket, new HttpError('RATE_LIMITED', { message, retryAfterMs: RECONNECT_MS }));
  });
  server.closeIdleConnections = () => connections.closeIdle();
  return server;
}

function refuse({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  // A client that left reads nothing, and an error must not be written into a response that has begun.
  if (code === 'ECONNRESET' || !socket.writable || hasBegun(socket)) return void socket.destroy();
  writeErrorToSocket(socket, badRequest(parserErrors[code ?? ''] ?? 'invalidHttp'));
}

const parserErrors: Readonly<Record<string, keyof typeof badRequests>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'chunkExtensions',
};

/** Node keeps the current response on the socket, and offers no public access to it here. */
function hasBegun(socket: Duplex): boolean {
  return (socket as { _httpMessage?: { headersSent?: boolean } })._httpMessage?.headersSent === true;
}
