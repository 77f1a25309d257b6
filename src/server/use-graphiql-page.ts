import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { Plugin } from 'graphql-yoga';
import { graphiqlTabs } from './graphiql-tabs.ts';

interface Page {
  readonly html: string;
  readonly gzipped: Buffer<ArrayBuffer>;
  readonly etag: string;
}

/**
 * `GET /graphql` in a browser is GraphiQL, with everything in the one page: no request leaves for another host.
 * The page has 9 MB, so it is made on the first visit, sent compressed, and then only asked whether it changed.
 */
export function useGraphiqlPage(exampleMsn: () => string | undefined): Plugin {
  let page: Promise<Page> | undefined;
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      const { headers, method } = request;
      if (method !== 'GET' || url.pathname !== '/graphql' || url.searchParams.has('query')) return;
      if (!headers.get('accept')?.includes('text/html')) return;
      page ??= makePage(exampleMsn());
      const { html, gzipped, etag } = await page;
      const common = { etag, 'cache-control': 'no-cache', vary: 'Accept, Accept-Encoding' };
      if (headers.get('if-none-match') === etag) {
        endResponse(new fetchAPI.Response(null, { status: 304, headers: common }));
        return;
      }
      const zip = /\bgzip\b/.test(headers.get('accept-encoding') ?? '');
      endResponse(
        new fetchAPI.Response(zip ? gzipped : html, {
          status: 200,
          headers: {
            ...common,
            'content-type': 'text/html; charset=utf-8',
            ...(zip && { 'content-encoding': 'gzip' }),
          },
        }),
      );
    },
  };
}

async function makePage(exampleMsn: string | undefined): Promise<Page> {
  const defaultTabs = graphiqlTabs.map(({ query, variables }) => ({
    query,
    variables: variables?.replace('{{MSN}}', exampleMsn ?? '123456') ?? null,
  }));
  const html = renderGraphiQL({
    title: 'Management API',
    defaultTabs,
    schemaDescription: true,
    isHeadersEditorEnabled: true,
  });
  return {
    html,
    gzipped: await promisify(gzip)(html),
    etag: `"${createHash('sha256').update(html).digest('base64url')}"`,
  };
}
