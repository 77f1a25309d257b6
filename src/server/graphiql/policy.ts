import { createHash } from 'node:crypto';

/**
 * Returns the content security policy of the page, tested in Chromium. The page may run its own inline scripts (by their
 * hashes), set styles, start the editor's workers, show inline images and fonts, and send requests to this gateway. It
 * needs neither `unsafe-eval` nor another host.
 */
export function graphiqlPolicy(html: string): string {
  const scripts = scriptsOf(html).map(
    (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    "style-src 'unsafe-inline'",
    'worker-src blob:',
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function scriptsOf(html: string): string[] {
  const scripts: string[] = [];
  for (let tag = html.indexOf('<script'); tag >= 0; ) {
    const start = html.indexOf('>', tag) + 1;
    const end = html.indexOf('</script>', start);
    if (start === 0 || end < 0) break;
    scripts.push(html.slice(start, end));
    tag = html.indexOf('<script', end);
  }
  return scripts;
}
