import type { Plugin } from 'graphql-yoga';
import { badRequest, type badRequests } from '../errors/bad-requests.ts';
import { errorResponse } from './error-response.ts';
import { isJsonText } from './media-type.ts';

/**
 * Refuses operations from pages of other sites unless `origins` lists them, and POST requests without JSON, which no HTML
 * form can send. Such a page could not read the responses, but it could make the gateway spend upstream calls.
 */
export function useJsonOnly(origins: readonly string[]): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      const { headers, method } = request;
      const refuse = (reason: keyof typeof badRequests) =>
        endResponse(errorResponse(request, fetchAPI, badRequest(reason)));
      if (isForeign(request, url.host) && !origins.includes(headers.get('origin') ?? '')) {
        // Following a link to GraphiQL is not an operation.
        const opensPage = method === 'GET' && headers.get('sec-fetch-mode') === 'navigate';
        if (!opensPage && method !== 'OPTIONS') refuse('foreignOrigin');
      } else if (method === 'POST' && !isJsonText(headers.get('content-type'))) refuse('mediaType');
      else if (isEncoded(headers.get('content-encoding'))) refuse('contentEncoding');
    },
  };
}

/** Whether a body is sent in another form than JSON as it is. A small compressed body may expand to a large one. */
export const isEncoded = (contentEncoding: string | null | undefined): boolean =>
  /[^\s,]/.test((contentEncoding ?? '').replaceAll(/\bidentity\b/gi, ''));

/** Returns whether a page of another origin sends the request. Another port of this host is another origin. */
function isForeign({ headers, method }: Request, host: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'cross-site' || site === 'same-site';
  // Browsers without Sec-Fetch send an Origin header with a GET request only to another origin. They send a preflight
  // request before a POST of JSON.
  const origin = headers.get('origin');
  return method === 'GET' && origin !== null && URL.parse(origin)?.host !== host;
}
