import type { ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { UnsentAnswers } from '../connections/unsent-answers.ts';
import { refusal } from '../http/http-error.ts';
import type { GraphiqlPage } from './page.ts';

const TRY_AGAIN_MS = 2_000;

/**
 * `GET /graphql` in a browser is GraphiQL, with everything in the one page: no request leaves for another host. The page
 * has 9 MB and needs no key, so a browser keeps it and asks only whether it has changed, and as many copies are on their
 * way at once as fit into the share of the unproven.
 */
export function useGraphiqlPage(readPage: () => Promise<GraphiqlPage>, unsentAnswers: UnsentAnswers): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse, serverContext }) {
      const { headers: asked, method } = request;
      if (method !== 'GET' || !asked.get('accept')?.includes('text/html')) return;
      if (url.pathname === '/')
        endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: '/graphql' } }));
      if (url.pathname !== '/graphql') return;
      const page = await readPage();
      const isZipped = acceptsGzip(asked.get('accept-encoding'));
      const tag = isZipped ? page.tags.gzip : page.tags.identity;
      const headers = {
        // Kept by the browser, and used only after it has asked.
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
          refusal(request, fetchAPI, 503, undefined, 'OVERLOADED', { retryAfterMs: TRY_AGAIN_MS }),
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

function acceptsGzip(header: string | null): boolean {
  return (header ?? '').split(',').some((part) => {
    const [coding = '', quality = ''] = part.toLowerCase().split(';');
    return /^(gzip|\*)$/.test(coding.trim()) && !/^\s*q\s*=\s*0(\.0*)?\s*$/.test(quality);
  });
}

function isKnown(tag: string, header: string | null): boolean {
  return (header ?? '')
    .split(',')
    .some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === tag);
}
