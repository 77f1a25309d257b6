import type { RequestListener } from 'node:http';
import { refusePlainly } from './plain-refusal.ts';

/** Refuses what cannot be made a URL, which Yoga would answer with a stack trace. */
export function withReadableUrl(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { url = '' } = request;
    const { host = '' } = request.headers;
    // A whole URL there is for proxies, and could name another host than the header.
    const isPath = url.startsWith('/');
    if (isPath && /^[\w.:[\]-]*$/.test(host) && URL.canParse(`http://${host || 'localhost'}${url}`)) {
      listener(request, response);
      return;
    }
    refusePlainly(response, 400, 'The host or the path is no URL.');
  };
}
