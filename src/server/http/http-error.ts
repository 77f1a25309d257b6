import type { FetchAPI } from 'graphql-yoga';
import { type ErrorCode, errorCodes } from '../errors/codes.ts';
import { requestIdOf } from '../reports/request-id.ts';
import { retryAfter } from './retry-after.ts';

/** A body up to this size is read to its end, unseen, so that the connection can be used again. */
const WORTH_READING = 64 * 1024;

interface RefusalOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** An answer to a request that is refused before it is read as GraphQL, in the form of every other error. */
export function refusal(
  request: Request,
  fetchAPI: FetchAPI,
  status: number,
  message?: string,
  code: ErrorCode = 'BAD_REQUEST',
  { headers, retryAfterMs }: RefusalOptions = {},
): Response {
  const { retryable, message: usual } = errorCodes[code];
  const extensions = { code, retryable, requestId: requestIdOf(request), retryAfterMs };
  return fetchAPI.Response.json(
    { errors: [{ message: message ?? usual, extensions }] },
    {
      status,
      headers: {
        ...(status === 401 && { 'www-authenticate': 'Bearer' }),
        ...(retryAfterMs !== undefined && retryAfter(retryAfterMs)),
        // Else whoever is refused could go on sending for as long as one request may last.
        ...(mayBeLong(request) && { connection: 'close' }),
        ...headers,
      },
    },
  );
}

function mayBeLong({ headers }: Request): boolean {
  return headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > WORTH_READING;
}
