import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { operationCost } from '../../operation/operation-cost.ts';
import type { CallTracker } from '../../upstream/call-tracker.ts';
import type { Caller } from '../auth/caller.ts';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-error.ts';
import { type costMessages, OperationTooExpensive, RateLimited } from '../errors/request-errors.ts';
import { resultLength } from '../http/answer-length.ts';
import { releaseRows, stateOf } from '../request-state.ts';
import type { CheckedOperation } from './before-operations.ts';
import { SMALL_ROWS } from './operation-work.ts';
import { pointsFor } from './points.ts';
import type { RateLimits } from './rate-limits.ts';
import { type RowAdmission, UNBOUNDED_ROWS } from './row-admission.ts';

export interface CostLimitOptions {
  readonly maxPageSize: number;
  /** Per operation. The tenant's own limit takes precedence. */
  readonly maxUpstreamCalls: number;
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
  const { maxPageSize, maxUpstreamCalls, maxRows, maxAnswerBytes, rateLimits, admission } = options;
  const costOf = ({ schema, document, operationName, variableValues, contextValue }: CheckedOperation) =>
    operationCost(
      schema,
      { document, operationName, variables: variableValues ?? undefined },
      { maxPageSize, hasDirectory: answersFromDirectory(contextValue.caller, contextValue.scope) },
    );
  const mostCalls = (caller: Caller) =>
    Math.min(caller.limits.maxUpstreamCalls ?? maxUpstreamCalls, rateLimits.most(caller));
  return {
    // Each event is an operation of its own, which never waits for room.
    onSubscribe({ args, setResultAndStopExecution }) {
      const { caller, request } = args.contextValue;
      const cost = costOf(args as CheckedOperation);
      stateOf(request).cost = { ...cost, points: pointsFor(cost) };
      const excess = excessOf(cost, mostCalls(caller), Math.min(maxRows, UNBOUNDED_ROWS - 1));
      if (excess) setResultAndStopExecution(stopped(new OperationTooExpensive(excess)));
    },
    async onExecute({ args, executeFn, setExecuteFn, setResultAndStopExecution }) {
      const { caller, request, scope, work } = args.contextValue;
      const cost = costOf(args as CheckedOperation);
      const points = pointsFor(cost);
      work.isSmall = cost.rows <= SMALL_ROWS;
      const state = stateOf(request);
      state.cost = { ...cost, points };
      const excess = excessOf(cost, mostCalls(caller), maxRows);
      try {
        if (excess) throw new OperationTooExpensive(excess);
        // A caller never has more than the points of a minute, however long it waits.
        const reserved = Math.min(points, rateLimits.most(caller));
        // The first point was taken before the body was read.
        const reservation = await rateLimits.reserve(caller, reserved - 1, scope);
        const settle = (bytes = 0) => {
          const { calls } = scope;
          const { rows, scanned } = work;
          const charged = pointsFor({ calls, rows, scanned, bytes: Math.min(bytes, maxAnswerBytes) });
          const remaining = reservation.settle(charged - 1);
          state.cost = { ...cost, points, charged, remaining };
        };
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

/** Whether the directory has everything that the operation may ask it for. What is too old for the caller is read again. */
const answersFromDirectory = ({ directory }: Caller, { freshness }: CallTracker): boolean =>
  directory?.lastStatus?.isComplete === true && directory.answersReads && freshness?.maxAgeMs === undefined;

/** Without `data` for a refused operation. One that waited in vain has `data: null`, as if it had run. */
function stopped(error: unknown): ExecutionResult {
  const errors = [toClientError(error)];
  const isRefused = error instanceof OperationTooExpensive || error instanceof RateLimited;
  return isRefused ? { errors } : { data: null, errors };
}

function excessOf(
  { calls, rows }: { readonly calls: number; readonly rows: number },
  maxCalls: number,
  maxRows: number,
): keyof typeof costMessages | undefined {
  if (!Number.isFinite(calls + rows)) return 'estimate';
  if (calls > maxCalls) return 'calls';
  if (rows > maxRows) return 'rows';
  return undefined;
}
