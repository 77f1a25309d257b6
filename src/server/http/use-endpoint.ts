import type { Plugin } from 'graphql-yoga';
import { refusal } from './http-error.ts';

const readable = new Set(['*/*', 'application/*', 'application/json', 'application/graphql-response+json']);

/**
 * The one path, the methods and the form of the answer. With `postOnly` no operation stands in a URL, which logs and
 * histories keep. An answer that the client could not read is refused here, since Yoga would run the operation first.
 */
export function useEndpoint({ postOnly }: { readonly postOnly: boolean }): Plugin {
  const methods = postOnly ? ['POST'] : ['GET', 'POST'];
  const allow = { allow: methods.join(', ') };
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      const refuse = (status: number, message: string, headers?: Record<string, string>) =>
        endResponse(refusal(request, fetchAPI, status, message, 'BAD_REQUEST', { headers }));
      if (url.pathname !== '/graphql') return refuse(404, 'There is nothing here: GraphQL is at /graphql.');
      if (!methods.includes(request.method))
        return refuse(405, `Send the operation by ${methods.at(-1)}.`, allow);
      const accept = request.headers.get('accept');
      if (accept !== null && !accept.split(',').some(isReadable))
        refuse(406, 'Accept application/graphql-response+json or application/json: nothing else is offered.');
    },
  };
}

function isReadable(range: string): boolean {
  const [type = ''] = range.split(';');
  return readable.has(type.trim().toLowerCase());
}
