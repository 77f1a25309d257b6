import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { UnsentAnswers } from '../connections/unsent-answers.ts';
import { HttpError } from '../errors/http-error.ts';
import { errorResponse } from '../http/error-response.ts';
import { acceptsPage, encodingFor } from '../http/media-type.ts';
import type { GraphiqlPage } from './page.ts';

const RETRY_AFTER_MS = 2_000;

/**
 * Serves GraphiQL for `GET /graphql` in a browser. The page contains everything, so that no request goes to another host.
 * It has 9 MB and needs no key. Browsers therefore keep it and only ask whether it has changed, and the number of copies
 * that are sent at once is limited by the share of unauthenticated clients.
 */
export function useGraphiqlPage(readPage: () => Promise<GraphiqlPage>, unsentAnswers: UnsentAnswers): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse, serverContext }) {
      const { headers: asked, method } = request;
      if (method !== 'GET' || !acceptsPage(asked.get('accept'))) return;
      if (url.pathname === '/')
        endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: '/graphql' } }));
      if (url.pathname !== '/graphql') return;
      const page = await readPage();
      const isZipped = encodingFor(asked.get('accept-encoding'), ['gzip']) !== undefined;
      const tag = isZipped ? page.tags.gzip : page.tags.identity;
      const headers = {
        // The browser keeps the page and revalidates it before each use.
        'cache-control': 'private, no-cache',
        'content-security-policy': page.policy,
        etag: tag,
        vary: 'Accept, Accept-Encoding',
      };
      if (isKnown(tag, asked.get('if-none-match')))
        return endResponse(new fetchAPI.Response(null, { status: 304, headers }));
      const body = isZipped ? page.gzipped : await page.plain();
      const { res } = serverContext as { readonly res?: ServerResponse };
      if (res && !(await unsentAnswers.room(body.length, request.signal, res)))
        return endResponse(
          errorResponse(
            request,
            fetchAPI,
            new HttpError('OVERLOADED', { status: 503, retryAfterMs: RETRY_AFTER_MS }),
          ),
        );
      endResponse(
        new fetchAPI.Response(body, {
          headers: {
            ...headers,
            'content-type': 'text/html; charset=utf-8',
            'content-length': String(body.length),
            ...(isZipped && { 'content-encoding': 'gzip' }),
          },
        }),
      );
    },
  };
}

function isKnown(tag: string, header: string | null): boolean {
  return (header ?? '')
    .split(',')
    .some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === tag);
}
