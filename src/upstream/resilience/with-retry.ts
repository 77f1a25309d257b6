import type { Observer } from '../../telemetry/observer.ts';
import type { Call, Send, UpstreamRead, UpstreamWrite } from '../endpoint.ts';
import { UpstreamRateLimited, UpstreamUnavailable } from '../errors.ts';
import { backoffMs, pause } from './backoff.ts';
import type { Restarts } from './restarts.ts';
import type { RetryBudget } from './retry-budget.ts';

export const MAX_ATTEMPTS = 3;

export interface RetryOptions {
  readonly budget: RetryBudget;
  readonly restarts: Restarts;
  /** Whether the circuit breaker of a route is open, so that another attempt would not be sent. */
  readonly isOpen: (route: string) => boolean;
  readonly observer: Observer;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Repeats a read that failed in passing, as long as the budget lasts and the pause fits the deadline. The pause occupies no
 * place of the limit. A call that cannot be sent while the upstream restarts is not an attempt and costs no budget. Writes have
 * their own rules in `send-write.ts`, and nothing below this layer repeats a call.
 */
export function withRetry(
  send: Send,
  { budget, restarts, isOpen, observer, now = () => performance.now() }: RetryOptions,
): Send {
  return async <T>(request: UpstreamRead<T> | UpstreamWrite<T>, call: Call): Promise<T> => {
    budget.deposit();
    for (let attempt = 1, unsent = 0; ; ) {
      try {
        return await send(request, call);
      } catch (error) {
        const isRestart = restarts.isRestart(error);
        const wait = isRestart ? backoffMs(++unsent) : waitBeforeRetry(error, attempt);
        const fits = wait !== undefined && now() + wait < call.tracker.deadline;
        if (!fits || isOpen(request.endpoint.route)) throw error;
        if (!isRestart) {
          attempt++;
          if (!budget.withdraw()) {
            observer.retryBudgetExhausted();
            throw error;
          }
        }
        observer.callRetried(request.endpoint.route);
        await pause(wait, call.cancellation);
      }
    }
  };
}

/**
 * Returns the pause before the next attempt in milliseconds: full jitter, or what the upstream asked for. Undefined when
 * another attempt would not help, or this was the last one.
 */
export function waitBeforeRetry(error: unknown, attempt: number): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined;
  if (error instanceof UpstreamUnavailable || error instanceof UpstreamRateLimited)
    return Math.max(error.retryAfterMs ?? 0, backoffMs(attempt));
  return undefined;
}
