import type { ServerResponse } from 'node:http';
import type { PageAnswer } from './kit/page.ts';
import { CONTENT_SECURITY_POLICY } from './kit/style.ts';

const always = {
  'cache-control': 'no-store',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  // Tells other sites nothing, as no-referrer does; with that, browsers would also hide the origin of our own forms,
  // and the guard could not know them on a host where browsers send no Sec-Fetch-Site.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

export function sendPage(response: ServerResponse, answer: PageAnswer): void {
  if ('location' in answer) {
    response.writeHead(answer.status, { ...always, location: answer.location, 'content-length': 0 });
    response.end();
    return;
  }
  const { text } = answer.body;
  response.writeHead(answer.status, {
    ...always,
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...answer.headers,
  });
  response.end(text);
}
