import type { ServerResponse } from 'node:http';
import type { HttpError } from '../errors/http-error.ts';
import { errorBody } from './error-body.ts';
import { securityHeaders } from './with-security-headers.ts';

/**
 * Renders an error before Yoga sees the request. Closes the connection, since its next bytes cannot be trusted, unless
 * `keepAlive` says that the request itself is valid.
 */
export function sendError(
  response: ServerResponse,
  error: HttpError,
  keepAlive = false,
  requestId?: string,
): void {
  const body = JSON.stringify(errorBody(error, requestId));
  response.writeHead(error.status, {
    ...securityHeaders,
    ...error.headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(!keepAlive && { connection: 'close' }),
  });
  response.end(body);
}
