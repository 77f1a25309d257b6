import type { FetchAPI } from 'graphql-yoga';
import { type ErrorCode, errorCodes } from './error-code.ts';
import { requestIdOf } from './request-id.ts';
import { retryAfter } from './retry-after.ts';

/** An answer to a request that is refused before it is read as GraphQL, in the form of every other error. */
export function refusal(
  request: Request,
  fetchAPI: FetchAPI,
  status: number,
  message?: string,
  code: ErrorCode = 'BAD_REQUEST',
  retryAfterMs?: number,
): Response {
  const { retryable, message: usual } = errorCodes[code];
  const extensions = { code, retryable, requestId: requestIdOf(request), retryAfterMs };
  const headers: Record<string, string> = {
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(retryAfterMs !== undefined && retryAfter(retryAfterMs)),
  };
  return fetchAPI.Response.json({ errors: [{ message: message ?? usual, extensions }] }, { status, headers });
}
