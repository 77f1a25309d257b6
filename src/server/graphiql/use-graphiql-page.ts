import type { Plugin } from 'graphql-yoga';
import type { UnsentAnswers } from '../connections/unsent-answers.ts';
import { HttpError } from '../errors/http-error.ts';
import { errorResponse } from '../http/error-response.ts';
import { acceptsPage } from '../http/media-type.ts';
import type { GraphiqlPage } from './page.ts';
import { graphiqlPolicy } from './policy.ts';
import { encodingOf, respondWith } from './sendable.ts';

/**
 * Serves GraphiQL for `GET /graphql` in a browser. Browsers keep the page and only ask whether it has changed. Its scripts
 * and styles are files of their own, which they keep for good.
 */
export function useGraphiqlPage(readPage: () => Promise<GraphiqlPage>, unsentAnswers: UnsentAnswers): Plugin {
  return {
    async onRequest(asked) {
      const { request, url, fetchAPI, endResponse } = asked;
      const { headers, method } = request;
      if (method !== 'GET' || !acceptsPage(headers.get('accept'))) return;
      if (url.pathname === '/')
        endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: '/graphql' } }));
      if (url.pathname !== '/graphql') return;
      const page = await readPage().catch(refusal);
      if (page instanceof HttpError) return endResponse(errorResponse(request, fetchAPI, page));
      const encoding = encodingOf(headers.get('accept-encoding'));
      const { body, tag } = page[encoding];
      const answer = {
        'cache-control': 'private, no-cache',
        'content-security-policy': graphiqlPolicy,
        etag: tag,
        vary: 'Accept, Accept-Encoding',
      };
      if (isKnown(tag, headers.get('if-none-match')))
        return endResponse(new fetchAPI.Response(null, { status: 304, headers: answer }));
      const sendable = {
        type: 'text/html; charset=utf-8',
        encoding,
        length: body.length,
        read: async () => body,
      } as const;
      endResponse(await respondWith(sendable, answer, asked, unsentAnswers));
    },
  };
}

function refusal(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  throw error;
}

function isKnown(tag: string, header: string | null): boolean {
  return (header ?? '')
    .split(',')
    .some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === tag);
}
