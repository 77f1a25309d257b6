import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { Plugin } from 'graphql-yoga';
import { graphiqlPolicy } from './graphiql-policy.ts';
import { graphiqlTabs } from './graphiql-tabs.ts';

interface Page {
  readonly html: string;
  readonly gzipped: Buffer<ArrayBuffer>;
  readonly policy: string;
}

/**
 * `GET /graphql` in a browser is GraphiQL, with everything in the one page: no request leaves for another host.
 * The page has 9 MB, so it is made on the first visit and sent compressed.
 */
export function useGraphiqlPage(
  exampleMsn: () => string | undefined,
  callerHeaders?: Readonly<Record<string, string>>,
): Plugin {
  let page: Promise<Page> | undefined;
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      const { headers, method } = request;
      if (method !== 'GET' || !headers.get('accept')?.includes('text/html')) return;
      if (url.pathname === '/')
        endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: '/graphql' } }));
      if (url.pathname !== '/graphql') return;
      page ??= makePage(exampleMsn(), callerHeaders);
      const { html, gzipped, policy } = await page;
      const zip = /\bgzip\b/.test(headers.get('accept-encoding') ?? '');
      endResponse(
        new fetchAPI.Response(zip ? gzipped : html, {
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': policy,
            vary: 'Accept, Accept-Encoding',
            ...(zip && { 'content-encoding': 'gzip' }),
          },
        }),
      );
    },
  };
}

// GraphiQL keeps a stale offset on its tabs and lets it act on focus: a tab would jump away from under the pointer.
const TABS_STAY = '<style>.graphiql-tab{transform:none!important}</style>';

async function makePage(
  exampleMsn: string | undefined,
  callerHeaders: Readonly<Record<string, string>> | undefined,
): Promise<Page> {
  const headers = callerHeaders && JSON.stringify(callerHeaders, null, 2);

  const defaultTabs = graphiqlTabs.map(({ query, variables }) => ({
    query,
    variables: variables?.replace('{{MSN}}', exampleMsn ?? '123456') ?? null,
    headers: headers ?? null,
  }));
  const page = renderGraphiQL({
    title: 'Management API',
    defaultTabs,
    schemaDescription: true,
    isHeadersEditorEnabled: true,
    // A key that somebody typed must not outlive the page in the browser's storage.
    shouldPersistHeaders: false,
    ...(headers && { headers, defaultHeaders: headers, defaultEditorToolsVisibility: 'headers' }),
  });
  const html = page.replace('</head>', () => `${TABS_STAY}</head>`);
  return { html, gzipped: await promisify(gzip)(html), policy: graphiqlPolicy(html) };
}
