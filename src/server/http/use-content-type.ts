import type { Plugin } from 'graphql-yoga';
import { refusal } from './http-error.ts';

// One type, in small letters as Yoga knows it, and of its parameters only the character set that JSON has anyway.
const JSON_TEXT = /^application\/json(; *charset=((utf|UTF)-8|"(utf|UTF)-8"))?$/;

/**
 * Takes operations from no other site's page than those of `origins`, and by POST only as JSON, which no HTML form can
 * send: such a page could not read the answers, but it could make the gateway spend upstream calls.
 */
export function useJsonOnly(origins: readonly string[]): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      const { headers, method } = request;
      if (isForeign(request, url.host) && !origins.includes(headers.get('origin') ?? '')) {
        // Following a link to GraphiQL is no operation.
        const opensPage = method === 'GET' && headers.get('sec-fetch-mode') === 'navigate';
        if (!opensPage && method !== 'OPTIONS')
          endResponse(refusal(request, fetchAPI, 403, 'Add the origin of this page to CORS_ORIGINS.'));
      } else if (method === 'POST' && !JSON_TEXT.test(headers.get('content-type') ?? ''))
        endResponse(refusal(request, fetchAPI, 415, 'Send the operation as application/json, in UTF-8.'));
      // A small compressed body may hide a large one.
      else if (/[^\s,]/.test((headers.get('content-encoding') ?? '').replaceAll(/\bidentity\b/gi, '')))
        endResponse(refusal(request, fetchAPI, 415, 'Send the operation without Content-Encoding.'));
    },
  };
}

/** Whether the page of another origin sends the request, another port of this host included. */
function isForeign({ headers, method }: Request, host: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'cross-site' || site === 'same-site';
  // Browsers without Sec-Fetch send an Origin with a GET only when it goes to another origin. A POST of JSON they ask for
  // beforehand.
  const origin = headers.get('origin');
  return method === 'GET' && origin !== null && URL.parse(origin)?.host !== host;
}
