import type { Plugin } from 'graphql-yoga';
import type { Endpoint } from './use-endpoint.ts';

const MAX_AGE_S = '600';
/** What the gateway reads, and what Apollo Client, urql and tracing libraries of browsers send. */
const KNOWN_HEADERS = [
  'Apollo-Require-Preflight',
  'Apollographql-Client-Name',
  'Apollographql-Client-Version',
  'Authorization',
  'Baggage',
  'Cache-Control',
  'Content-Type',
  'GraphQL-Client-Name',
  'GraphQL-Client-Version',
  'Last-Event-ID',
  'Merchant-Serial-Number',
  'Ocp-Apim-Subscription-Key',
  'Sentry-Trace',
  'Traceparent',
  'Tracestate',
  'Vipps-Client-Id',
  'Vipps-Client-Secret',
  'X-Cost-Report',
  'X-Request-Id',
  'X-Requested-With',
  'X-Upstream-Report',
];
const EXPOSED_HEADERS = 'Retry-After, X-Request-Id';

export interface CorsOptions {
  readonly origins: readonly string[];
  /** Request headers that pages may send besides the known ones. */
  readonly headers: readonly string[];
  readonly endpoint: Endpoint;
}

/** Allows pages of exactly these origins, without credentials. All other origins get no CORS headers. */
export function useCors({ origins, headers: more, endpoint }: CorsOptions): Plugin {
  const { path, postOnly } = endpoint;
  const allowed = new Set(origins);
  const allowedHeaders = [...KNOWN_HEADERS, ...more].join(', ');
  const originOf = (request: Request) => {
    const origin = request.headers.get('origin');
    return origin !== null && allowed.has(origin) ? origin : undefined;
  };
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'OPTIONS' || url.pathname !== path) return;
      const origin = originOf(request);
      const headers: Record<string, string> = { vary: 'Origin' };
      if (origin) {
        headers['access-control-allow-origin'] = origin;
        headers['access-control-allow-methods'] = postOnly ? 'POST' : 'GET, POST';
        headers['access-control-allow-headers'] = allowedHeaders;
        headers['access-control-max-age'] = MAX_AGE_S;
      }
      endResponse(new fetchAPI.Response(null, { status: 204, headers }));
    },
    onResponse({ request, response }) {
      if (request.method === 'OPTIONS') return;
      const headers = corsHeaders(allowed, request.headers.get('origin'), response.headers.has('vary'));
      for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    },
  };
}

/** Returns the headers of a response by the origin of its page. `varies`: it depends on the accepted encodings as well. */
export function corsHeaders(
  allowed: ReadonlySet<string>,
  origin: string | null | undefined,
  varies: boolean,
): Record<string, string> {
  if (allowed.size === 0) return {};
  return {
    vary: varies ? 'Accept-Encoding, Origin' : 'Origin',
    ...(origin != null &&
      allowed.has(origin) && {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': EXPOSED_HEADERS,
      }),
  };
}
