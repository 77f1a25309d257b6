import type { Plugin } from 'graphql-yoga';
import { badRequest } from '../errors/bad-requests.ts';
import type { HttpError } from '../errors/http-error.ts';
import { errorResponse } from './error-response.ts';

const readable = new Set(['*/*', 'application/*', 'application/json', 'application/graphql-response+json']);

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
      if (accept !== null && !accept.split(',').some(isReadable)) refuse(badRequest('notAcceptable'));
    },
  };
}

function isReadable(range: string): boolean {
  const [type = ''] = range.split(';');
  return readable.has(type.trim().toLowerCase());
}
