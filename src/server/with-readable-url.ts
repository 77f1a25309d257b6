import type { RequestListener } from 'node:http';
import { errorCodes } from './error-code.ts';

/** Refuses what cannot be made a URL, which Yoga would answer with a stack trace. */
export function withReadableUrl(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { host = '' } = request.headers;
    if (/^[\w.:[\]-]*$/.test(host) && URL.canParse(`http://${host || 'localhost'}${request.url}`)) {
      listener(request, response);
      return;
    }
    const extensions = { code: 'BAD_REQUEST', retryable: errorCodes.BAD_REQUEST.retryable };
    response.writeHead(400, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ errors: [{ message: 'The host or the path is no URL.', extensions }] }));
  };
}
