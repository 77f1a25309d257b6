import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { plainRefusal, refusePlainly } from './plain-refusal.ts';
import { securityHeaderLines, withSecurityHeaders } from './with-security-headers.ts';

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

const MAX_HEADERS = 100;
/** What one process holds open at most; more are not accepted. Each costs some 10 KB. */
const MAX_CONNECTIONS = 10_000;

/** A server for `listener` that answers in the form of every other error what it does not hand on. */
export function createHttpServer(listener: RequestListener, options: ServerOptions = limits): Server {
  const server = createServer(options, withSecurityHeaders(withFewHeaders(listener)));
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket));
  return server;
}

// Node would leave out silently what is too many.
function withFewHeaders(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (request.rawHeaders.length <= 2 * MAX_HEADERS) return listener(request, response);
    refusePlainly(response, 431, `Send at most ${MAX_HEADERS} headers.`);
  };
}

function refuse({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  // Whoever is gone reads nothing, and an answer that has begun must not get another one into it.
  if (code === 'ECONNRESET' || !socket.writable || hasBegun(socket)) return void socket.destroy();
  const [status, message] = answers[code ?? ''] ?? ['400 Bad Request', 'The request is not valid HTTP.'];
  const body = plainRefusal(message);
  const own = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  socket.end(`HTTP/1.1 ${status}\r\n${own}${securityHeaderLines}connection: close\r\n\r\n${body}`, () =>
    // Whoever goes on sending is not listened to.
    socket.destroy(),
  );
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
