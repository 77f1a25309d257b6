import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { UnsentAnswers } from '../connections/unsent-answers.ts';
import { findAsset } from './built-files.ts';
import type { CodesPage } from './codes-page.ts';
import { respondWith } from './sendable.ts';

/** The name of a file changes with its content. */
const FOREVER = 'public, max-age=31536000, immutable';
const CODES_PATH = '/graphiql/docs/error-codes';

/** Serves the scripts and styles of GraphiQL. A file that does not exist is left to the next plugin. */
export function useGraphiqlAssets(unsentAnswers: UnsentAnswers): Plugin {
  return {
    async onRequest(asked) {
      const { request, url, endResponse } = asked;
      if (request.method !== 'GET' || !url.pathname.startsWith('/graphiql/')) return;
      const asset = await findAsset(url.pathname, request.headers.get('accept-encoding'));
      const headers = { 'cache-control': FOREVER, vary: 'Accept-Encoding' };
      if (asset) endResponse(await respondWith(asset, headers, asked, unsentAnswers));
    },
  };
}

/** Serves the page that explains the error codes, which GraphiQL links to. */
export function useCodesPage(schema: GraphQLSchema, unsentAnswers: UnsentAnswers): Plugin {
  let page: CodesPage | undefined;
  return {
    async onRequest(asked) {
      const { request, url, endResponse } = asked;
      if (request.method !== 'GET' || url.pathname !== CODES_PATH) return;
      page ??= (await import('./codes-page.ts')).renderCodesPage(schema);
      const { html, policy } = page;
      const headers = { 'cache-control': 'private, no-cache', 'content-security-policy': policy };
      const sendable = {
        type: 'text/html; charset=utf-8',
        encoding: 'identity',
        length: html.length,
        read: async () => html,
      } as const;
      endResponse(await respondWith(sendable, headers, asked, unsentAnswers));
    },
  };
}
