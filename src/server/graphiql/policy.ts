/**
 * The content security policy of the page, tested in Chromium. The page may run the scripts and workers of this gateway,
 * set styles (the editor does so on every line), show inline images, and send requests to this gateway. It needs neither
 * `unsafe-eval` nor another host.
 */
export const graphiqlPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self'",
  'img-src data:',
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
