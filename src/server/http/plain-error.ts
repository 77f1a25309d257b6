import type { ServerResponse } from 'node:http';
import { type ErrorCode, errorCodes } from '../errors/codes.ts';

/** What an error says beside its message. */
export interface RefusalDetails {
  readonly code?: ErrorCode;
  readonly retryAfterMs?: number;
}

/** The body of an answer to what is refused before it is a request of the gateway. It has no request id yet. */
export function plainRefusal(
  message: string,
  { code = 'BAD_REQUEST', retryAfterMs }: RefusalDetails = {},
): string {
  const extensions = { code, retryable: errorCodes[code].retryable, retryAfterMs };
  return JSON.stringify({ errors: [{ message, extensions }] });
}

/** Refuses, and closes the connection: what else comes over it is not to be trusted. */
export function refusePlainly(response: ServerResponse, status: number, message: string): void {
  const body = plainRefusal(message);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}
