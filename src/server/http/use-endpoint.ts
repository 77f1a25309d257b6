import type { Plugin } from 'graphql-yoga';
import { badRequest } from '../errors/bad-requests.ts';
import type { HttpError } from '../errors/http-error.ts';
import { errorResponse } from './error-response.ts';
import { acceptedEvents, answerTypeFor } from './media-type.ts';

/**
 * Checks the path, the method and the `Accept` header. With `postOnly`, no operation is in a URL, which logs and browser
 * histories keep. `Accept` is checked here because Yoga would run the operation first.
 */
export function useEndpoint({ postOnly }: { readonly postOnly: boolean }): Plugin {
  const methods = postOnly ? ['POST'] : ['GET', 'POST'];
  const allow = methods.join(', ');
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      const refuse = (error: HttpError) => endResponse(errorResponse(request, fetchAPI, error));
      if (url.pathname !== '/graphql') return refuse(badRequest('notFound'));
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
