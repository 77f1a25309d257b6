import type { FetchAPI } from 'graphql-yoga';
import type { HttpError } from '../errors/http-error.ts';
import { stateOf } from '../request-state.ts';
import { errorBody } from './error-body.ts';

/** A body up to this size is read and discarded, so that the connection can be reused. */
const MAX_DISCARDED_BYTES = 64 * 1024;

/** Renders an error for plugins. */
export function errorResponse(request: Request, fetchAPI: FetchAPI, error: HttpError): Response {
  const state = stateOf(request);
  state.code = error.code;
  return fetchAPI.Response.json(errorBody(error, state.id), {
    status: error.status,
    headers: {
      // Otherwise a refused client could keep sending for as long as a request may last.
      ...(mayHaveLongBody(request) && { connection: 'close' }),
      ...error.headers,
    },
  });
}

function mayHaveLongBody({ headers }: Request): boolean {
  return headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > MAX_DISCARDED_BYTES;
}
