import type { RequestListener } from 'node:http';

/**
 * On every answer, whatever makes it: nothing of it is kept, guessed at, framed or embedded by another site. A page says
 * itself what more it needs.
 */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** The same as lines of a raw answer. */
export const securityHeaderLines = Object.entries(HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

export function withSecurityHeaders(listener: RequestListener): RequestListener {
  const headers = new Map(Object.entries(HEADERS));
  return (request, response) => {
    response.setHeaders(headers);
    listener(request, response);
  };
}
