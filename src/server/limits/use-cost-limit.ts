import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-error.ts';
import { OperationTooExpensive, RateLimited } from '../errors/request-errors.ts';
import { resultLength } from '../http/answer-length.ts';
import { releaseRows, stateOf } from '../request-state.ts';
import type { CheckedOperation } from './before-operations.ts';
import type { CostRules } from './cost-rules.ts';
import type { RateLimits } from './rate-limits.ts';
import { type RowAdmission, UNBOUNDED_ROWS } from './row-admission.ts';

export interface CostLimitOptions {
  readonly rules: CostRules;
  readonly maxRows: number;
  readonly maxAnswerBytes: number;
  readonly rateLimits: RateLimits;
  readonly admission: RowAdmission;
}

/**
 * Refuses an operation before the first upstream call if it could exceed the limit on calls or rows, or the points that
 * its caller has left in this minute. Reserves the estimated points, and charges the actual work when the operation ends.
 */
export function useCostLimit(options: CostLimitOptions): Plugin<OperationContext> {
  const { rules, maxRows, maxAnswerBytes, rateLimits, admission } = options;
  return {
    // Each event is an operation of its own, which never waits for room.
    onSubscribe({ args, setResultAndStopExecution }) {
      const { caller, request } = args.contextValue;
      const cost = rules.estimate(stateOf(request), args as CheckedOperation);
      const excess = rules.excess(cost, caller, Math.min(maxRows, UNBOUNDED_ROWS - 1));
      if (excess) setResultAndStopExecution(stopped(new OperationTooExpensive(excess)));
    },
    async onExecute({ args, executeFn, setExecuteFn, setResultAndStopExecution }) {
      const { caller, request, scope } = args.contextValue;
      const state = stateOf(request);
      const cost = rules.estimate(state, args as CheckedOperation);
      const excess = rules.excess(cost, caller);
      try {
        if (excess) throw new OperationTooExpensive(excess);
        const reservation = await rateLimits.reserve(caller, rules.toReserve(cost, caller), scope);
        const settle = (bytes?: number) => rules.settle(state, reservation, args.contextValue, bytes);
        state.releaseRows = await admission
          .enter(caller.tenantId, cost.rows, scope)
          .catch((error: unknown) => {
            settle();
            throw error;
          });
        // Settles also when the client leaves, which ends the execution with an error.
        setExecuteFn(async (executionArgs) => {
          let bytes = 0;
          try {
            const result = await executeFn(executionArgs);
            if (!isAsyncIterable(result)) bytes = resultLength(result, maxAnswerBytes);
            state.answerLength = bytes;
            return result;
          } finally {
            settle(bytes);
            if (request.signal.aborted) releaseRows(request);
          }
        });
      } catch (error) {
        setResultAndStopExecution(stopped(error));
      }
    },
  };
}

/** Without `data` for a refused operation. One that waited in vain has `data: null`, as if it had run. */
function stopped(error: unknown): ExecutionResult {
  const errors = [toClientError(error)];
  const isRefused = error instanceof OperationTooExpensive || error instanceof RateLimited;
  return isRefused ? { errors } : { data: null, errors };
}
