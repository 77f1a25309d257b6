import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Log } from '../../telemetry/log.ts';
import type { UnsentAnswers } from '../connections/unsent-answers.ts';
import { HttpError } from '../errors/http-error.ts';
import { rateLimitMessages, Unauthenticated } from '../errors/request-errors.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { errorResponse } from '../http/error-response.ts';
import { stateOf } from '../request-state.ts';
import type { AuthFailureLimit } from './auth-failure-limit.ts';
import type { Authenticate } from './authenticate.ts';

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
  /** What a caller without valid credentials reads, instead of the message of the code. */
  readonly refusal?: string | undefined;
}

/**
 * Authenticates the caller before the body is read. The pages of GraphiQL and preflight requests need no authentication:
 * earlier plugins answer them.
 */
export function useAuthentication(options: AuthenticationOptions): Plugin {
  const { authenticate, failureLimit, log, addressOf, unsentAnswers, refusal } = options;
  return {
    async onRequest({ request, fetchAPI, endResponse, serverContext }) {
      if (stateOf(request).caller) return;
      const { req, res } = serverContext as ServerContext;
      const refuse = (error: HttpError) => endResponse(errorResponse(request, fetchAPI, error));
      const address = addressOf(req);
      const waitMs = failureLimit.waitMs(address);
      const mustWait = (retryAfterMs: number) =>
        refuse(new HttpError('RATE_LIMITED', { message: rateLimitMessages.authentication, retryAfterMs }));
      try {
        const caller = await authenticate({
          header: (name) => request.headers.get(name) ?? undefined,
          address,
        });
        const isVerified = !caller.verifiedByUpstream || failureLimit.isVerified(caller.id);
        if (!isVerified) {
          if (waitMs !== undefined) return mustWait(waitMs);
          // Counted before the upstream is asked. Otherwise concurrent or cancelled attempts would not count.
          const tooManyMs = await failureLimit.recordFailure(address);
          if (tooManyMs !== undefined) return mustWait(tooManyMs);
        }
        Object.assign(stateOf(request), { caller, isVerified });
        if (res && isVerified) unsentAnswers.markAuthenticated(res);
      } catch (error) {
        if (error instanceof HttpError) return refuse(error);
        if (!(error instanceof Unauthenticated)) throw error;
        const { code, isOutage, message: reason, retryAfterMs } = error;
        log.info({ requestId: stateOf(request).id, address, reason }, 'authentication failed');
        if (waitMs !== undefined) return mustWait(waitMs);
        const tooManyMs = isOutage ? undefined : await failureLimit.recordFailure(address);
        if (tooManyMs !== undefined) return mustWait(tooManyMs);
        refuse(new HttpError(code, { retryAfterMs, message: isOutage ? undefined : refusal }));
      }
    },
  };
}
