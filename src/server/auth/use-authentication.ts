import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Log } from '../log.ts';
import { refusal } from '../refusal.ts';
import { requestIdOf } from '../request-id.ts';
import type { Authenticate } from './authenticate.ts';
import { AmbiguousCaller, type Caller, Unauthenticated } from './caller.ts';

const callers = new WeakMap<Request, Caller>();

/** Who sent the request. Throws when it was never proved, so that no operation runs for nobody. */
export function callerOf(request: Request): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Unauthenticated('the request was not authenticated');
  return caller;
}

interface ServerContext {
  readonly req?: IncomingMessage;
}

/**
 * Proves who asks before the body is read. Pages (GET of HTML) and preflights are for everybody. Whatever is not exactly
 * the path of operations is not there: Yoga itself takes every URL that ends in it, `/graphql/` and `/x?y=/graphql` too,
 * and would read what nobody was asked to prove.
 */
export function useAuthentication(authenticate: Authenticate, log: Log): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse, serverContext }) {
      if (url.pathname !== '/graphql')
        return endResponse(refusal(request, fetchAPI, 404, 'Operations go to /graphql.'));
      if (request.method === 'OPTIONS') return;
      const { req } = serverContext as ServerContext;
      const refuse = (status: number, code: 'UNAUTHENTICATED' | 'BAD_REQUEST', message?: string) =>
        endResponse(refusal(request, fetchAPI, status, message, code));
      // Node keeps the first of two; which of them was meant is not for us to say.
      if (isRepeated(req, 'authorization'))
        return refuse(400, 'BAD_REQUEST', 'Send one Authorization header.');
      try {
        callers.set(
          request,
          await authenticate({ header: (name) => request.headers.get(name) ?? undefined }),
        );
      } catch (error) {
        if (error instanceof AmbiguousCaller)
          return refuse(400, 'BAD_REQUEST', 'Prove who asks in one way, not in several.');
        if (!(error instanceof Unauthenticated)) throw error;
        log.info({ requestId: requestIdOf(request), reason: error.message }, 'unauthenticated');
        refuse(401, 'UNAUTHENTICATED');
      }
    },
  };
}

function isRepeated(req: IncomingMessage | undefined, name: string): boolean {
  const names = req?.rawHeaders.filter((_, index) => index % 2 === 0) ?? [];
  return names.filter((header) => header.toLowerCase() === name).length > 1;
}
