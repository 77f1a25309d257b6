import type { Plugin } from 'graphql-yoga';
import { requireCaller } from '../auth/use-authentication.ts';
import { RateLimited } from '../errors/request-errors.ts';
import { refusal } from '../http/http-error.ts';
import type { RateLimits } from './rate-limits.ts';

/**
 * Takes the first point of every request before its body is read: what is no operation at all makes work too. An
 * operation that could cause more than one upstream call pays the rest when its cost is known.
 */
export function useRateLimit(rateLimits: RateLimits): Plugin {
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== '/graphql' || request.method === 'OPTIONS') return;
      try {
        await rateLimits.take(requireCaller(request), 1);
      } catch (error) {
        if (!(error instanceof RateLimited)) throw error;
        const { retryAfterMs } = error;
        endResponse(refusal(request, fetchAPI, 429, undefined, 'RATE_LIMITED', { retryAfterMs }));
      }
    },
  };
}
