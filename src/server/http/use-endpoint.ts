import type { Plugin } from 'graphql-yoga';
import { badRequest } from '../errors/bad-requests.ts';
import type { HttpError } from '../errors/http-error.ts';
import { errorResponse } from './error-response.ts';
import { acceptedEvents, answerTypeFor } from './media-type.ts';

/** What the server answers at one path. */
export interface Endpoint {
  readonly path: '/graphql' | '/subgraph';
  /** No operation is in a URL, which logs and browser histories keep. */
  readonly postOnly: boolean;
}

/**
 * Checks the path, the method and the `Accept` header. `Accept` is checked here because Yoga would run the operation first.
 */
export function useEndpoint({ path, postOnly }: Endpoint): Plugin {
  const methods = postOnly ? ['POST'] : ['GET', 'POST'];
  const allow = methods.join(', ');
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      const refuse = (error: HttpError) => endResponse(errorResponse(request, fetchAPI, error));
      if (url.pathname !== path) return refuse(badRequest('notFound'));
      if (!methods.includes(request.method))
        return refuse(badRequest('methodNotAllowed', { headers: { allow } }));
      const accept = request.headers.get('accept');
      if (!answerTypeFor(accept) && !acceptedEvents(accept)) refuse(badRequest('notAcceptable'));
      else if (request.method === 'GET' && !isDecodable(url.search)) refuse(badRequest('notUtf8'));
    },
  };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
