import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpError } from '../errors/http-error.ts';
import { errorBody } from './error-body.ts';
import { securityHeaderLines } from './with-security-headers.ts';

/** Renders an error on a socket that has no response object, and closes the connection. */
export function writeErrorToSocket(socket: Duplex, error: HttpError): void {
  const { status, headers } = error;
  const body = JSON.stringify(errorBody(error));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `${securityHeaderLines}connection: close`,
    '',
    body,
  ];
  // Whatever else the client sends is discarded.
  socket.end(lines.join('\r\n'), () => socket.destroy());
}
