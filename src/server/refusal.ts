import type { FetchAPI } from 'graphql-yoga';
import { errorCodes } from './error-code.ts';
import { requestIdOf } from './request-id.ts';

/** An answer to a request that is refused before it is read as GraphQL, in the form of every other error. */
export function refusal(request: Request, fetchAPI: FetchAPI, status: number, message: string): Response {
  const { retryable } = errorCodes.BAD_REQUEST;
  const extensions = { code: 'BAD_REQUEST', retryable, requestId: requestIdOf(request) };
  return fetchAPI.Response.json({ errors: [{ message, extensions }] }, { status });
}
