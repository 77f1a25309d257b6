import type { Plugin } from 'graphql-yoga';

const MAX_AGE_S = '600';
const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Merchant-Serial-Number',
  'Ocp-Apim-Subscription-Key',
  'Vipps-Client-Id',
  'Vipps-Client-Secret',
  'X-Cost-Report',
  'X-Request-Id',
  'X-Upstream-Report',
].join(', ');

/** Allows pages of exactly these origins, without credentials. All other origins get no CORS headers. */
export function useCors(origins: readonly string[], { postOnly }: { readonly postOnly: boolean }): Plugin {
  const allowed = new Set(origins);
  const originOf = (request: Request) => {
    const origin = request.headers.get('origin');
    return origin !== null && allowed.has(origin) ? origin : undefined;
  };
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'OPTIONS' || url.pathname !== '/graphql') return;
      const origin = originOf(request);
      const headers: Record<string, string> = { vary: 'Origin' };
      if (origin) {
        headers['access-control-allow-origin'] = origin;
        headers['access-control-allow-methods'] = postOnly ? 'POST' : 'GET, POST';
        headers['access-control-allow-headers'] = ALLOWED_HEADERS;
        headers['access-control-max-age'] = MAX_AGE_S;
      }
      endResponse(new fetchAPI.Response(null, { status: 204, headers }));
    },
    onResponse({ request, response }) {
      if (allowed.size === 0 || request.method === 'OPTIONS') return;
      response.headers.append('vary', 'Origin');
      const origin = originOf(request);
      if (!origin) return;
      response.headers.set('access-control-allow-origin', origin);
      response.headers.set('access-control-expose-headers', 'Retry-After, X-Request-Id');
    },
  };
}
