import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Log } from '../../telemetry/log.ts';
import type { UnsentAnswers } from '../connections/unsent-answers.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { refusal } from '../http/http-error.ts';
import { requestIdOf } from '../reports/request-id.ts';
import type { AuthFailureLimit } from './auth-failure-limit.ts';
import type { Authenticate } from './authenticate.ts';
import { AmbiguousCredentials, type Caller, Unauthenticated } from './caller.ts';

const callers = new WeakMap<Request, Caller>();

/** Who sent the request. Throws when it was never proved, so that no operation runs for nobody. */
export function requireCaller(request: Request): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Unauthenticated('the request was not authenticated');
  return caller;
}

/** The same when an operation is about to run: the body may have taken its time, and the key been revoked meanwhile. */
export function requireValidCaller(request: Request): Caller {
  const caller = requireCaller(request);
  if (caller.isStillValid?.() === false) throw new Unauthenticated('revoked while the body was sent');
  return caller;
}

interface ServerContext {
  readonly req?: IncomingMessage | undefined;
  readonly res?: ServerResponse | undefined;
}

interface AuthenticationOptions {
  readonly authenticate: Authenticate;
  readonly failureLimit: AuthFailureLimit;
  readonly log: Log;
  readonly addressOf: ClientAddress;
  readonly unsentAnswers: UnsentAnswers;
}

/** Proves who asks before the body is read. Pages (GET of HTML) and preflights are for everybody. */
export function useAuthentication({
  authenticate,
  failureLimit,
  log,
  addressOf,
  unsentAnswers,
}: AuthenticationOptions): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse, serverContext }) {
      if (url.pathname !== '/graphql' || request.method === 'OPTIONS') return;
      const { req, res } = serverContext as ServerContext;
      const refuse = (message: string) => endResponse(refusal(request, fetchAPI, 400, message));
      const address = addressOf(req);
      const waitMs = await failureLimit.waitMs(address);
      const wait = (retryAfterMs: number) =>
        endResponse(refusal(request, fetchAPI, 429, undefined, 'RATE_LIMITED', { retryAfterMs }));
      try {
        const caller = await authenticate({
          header: (name) => request.headers.get(name) ?? undefined,
          address,
        });
        if (caller.verifiedByUpstream && !failureLimit.isVerified(caller.id)) {
          if (waitMs !== undefined) return wait(waitMs);
          // Counted before the upstream is asked, else many tries at once, or tries that are left, would count as none.
          const tooMany = await failureLimit.recordFailure(address);
          if (tooMany !== undefined) return wait(tooMany);
        }
        callers.set(request, caller);
        if (res && (!caller.verifiedByUpstream || failureLimit.isVerified(caller.id)))
          unsentAnswers.prove(res);
      } catch (error) {
        if (error instanceof AmbiguousCredentials)
          return refuse('Prove who asks in one way, not in several.');
        if (!(error instanceof Unauthenticated)) throw error;
        log.info({ requestId: requestIdOf(request), address, reason: error.message }, 'unauthenticated');
        if (waitMs !== undefined) return wait(waitMs);
        const { isOutage, retryAfterMs } = error;
        if (!isOutage) await failureLimit.recordFailure(address);
        const [status, code] = isOutage
          ? ([503, 'AUTHENTICATION_UNAVAILABLE'] as const)
          : ([401, 'UNAUTHENTICATED'] as const);
        endResponse(refusal(request, fetchAPI, status, undefined, code, { retryAfterMs }));
      }
    },
  };
}
