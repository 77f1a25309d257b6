import type { ServerResponse } from 'node:http';
import { errorCodes } from './error-code.ts';

/** The body of an answer to what is refused before it is a request of the gateway. It has no request id yet. */
export function plainRefusal(message: string): string {
  const extensions = { code: 'BAD_REQUEST', retryable: errorCodes.BAD_REQUEST.retryable };
  return JSON.stringify({ errors: [{ message, extensions }] });
}

/** Refuses, and closes the connection: what else comes over it is not to be trusted. */
export function refusePlainly(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(plainRefusal(message));
}
