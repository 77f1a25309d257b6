import type { ServerResponse } from 'node:http';
import type { FetchAPI } from 'graphql-yoga';
import type { UnsentAnswers } from '../connections/unsent-answers.ts';
import { HttpError } from '../errors/http-error.ts';
import { errorResponse } from '../http/error-response.ts';
import { encodingFor } from '../http/media-type.ts';

/** In order of preference. */
const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number] | 'identity';

/** Returns the encoding that a client prefers. */
export const encodingOf = (acceptEncoding: string | null): Encoding =>
  encodingFor(acceptEncoding, encodings) ?? 'identity';

/** What a response will contain, not read yet. */
export interface Sendable {
  readonly type: string;
  readonly encoding: Encoding;
  readonly length: number;
  read(): Promise<Buffer<ArrayBuffer>>;
}

interface Asked {
  readonly request: Request;
  readonly fetchAPI: FetchAPI;
  readonly serverContext: unknown;
}

const RETRY_AFTER_MS = 2_000;

/**
 * Responds with a page or a file once there is room for it. None of them needs a key, so they count as the share of
 * unauthenticated clients.
 */
export async function respondWith(
  { type, encoding, length, read }: Sendable,
  headers: Readonly<Record<string, string>>,
  { request, fetchAPI, serverContext }: Asked,
  unsentAnswers: UnsentAnswers,
): Promise<Response> {
  const { res } = serverContext as { readonly res?: ServerResponse };
  if (res && !(await unsentAnswers.room(length, request.signal, res)))
    return errorResponse(
      request,
      fetchAPI,
      new HttpError('OVERLOADED', { status: 503, retryAfterMs: RETRY_AFTER_MS }),
    );
  const body = await read();
  return new fetchAPI.Response(body, {
    headers: {
      ...headers,
      'content-type': type,
      'content-length': String(body.length),
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
  });
}
