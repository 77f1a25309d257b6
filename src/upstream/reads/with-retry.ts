import type { Observer } from '../../telemetry/observer.ts';
import { backoffMs, pause } from '../backoff.ts';
import type { Call, Send, UpstreamRead, UpstreamWrite } from '../endpoint.ts';
import { UpstreamUnavailable } from '../errors.ts';
import type { RetryBudget } from './retry-budget.ts';

const MAX_ATTEMPTS = 3;

/** Repeats a read whose connection broke, as long as the budget lasts. Writes have their own rules in `send-write.ts`. */
export function withRetry(send: Send, budget: RetryBudget, observer: Observer): Send {
  return async <T>(request: UpstreamRead<T> | UpstreamWrite<T>, call: Call): Promise<T> => {
    budget.deposit();
    for (let attempt = 1; ; attempt++) {
      try {
        return await send(request, call);
      } catch (error) {
        const isBroken = error instanceof UpstreamUnavailable && error.reason === 'network';
        if (!isBroken || attempt === MAX_ATTEMPTS || !budget.withdraw()) throw error;
        observer.callRetried(request.endpoint.route, attempt);
        await pause(backoffMs(attempt), call.cancellation);
      }
    }
  };
}
