import type { Plugin } from 'graphql-yoga';
import { HttpError } from '../errors/http-error.ts';
import { RateLimited } from '../errors/request-errors.ts';
import { errorResponse } from '../http/error-response.ts';
import { requireCaller, stateOf } from '../request-state.ts';
import type { RateLimits } from './rate-limits.ts';

/**
 * Takes the first point of every request before its body is read, since invalid requests cause work too. The cost limit
 * takes the remaining points of an operation when its cost is known.
 */
export function useRateLimit(rateLimits: RateLimits): Plugin {
  return {
    onRequest({ request, fetchAPI, endResponse }) {
      if (stateOf(request).isCharged) return;
      const refuse = (error: unknown) => {
        if (!(error instanceof RateLimited)) throw error;
        const { message, retryAfterMs } = error;
        endResponse(
          errorResponse(request, fetchAPI, new HttpError('RATE_LIMITED', { message, retryAfterMs })),
        );
      };
      try {
        return rateLimits.take(requireCaller(request), 1)?.catch(refuse);
      } catch (error) {
        return refuse(error);
      }
    },
  };
}
