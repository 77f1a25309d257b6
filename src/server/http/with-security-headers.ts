import type { RequestListener } from 'node:http';

/**
 * For every response: not cached, not framed, not embedded by other sites, and without content type sniffing. A page adds
 * what it needs itself.
 */
export const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** The same headers as lines of a raw response. */
export const securityHeaderLines = Object.entries(securityHeaders)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

/** The same headers in the order in which `writeHead` takes them. */
export const securityHeaderList: readonly string[] = Object.entries(securityHeaders).flat();

const headers = new Map(Object.entries(securityHeaders));

/** Wraps a listener so that every response has the security headers. */
export function withSecurityHeaders(listener: RequestListener): RequestListener {
  return (request, response) => {
    response.setHeaders(headers);
    listener(request, response);
  };
}
