import type { Plugin } from 'graphql-yoga';
import { operationCost } from '../../operation/operation-cost.ts';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-error.ts';
import { OperationTooExpensive } from '../errors/request-errors.ts';
import type { CostReport } from '../reports/use-cost-report.ts';
import { SMALL_ROWS } from './operation-work.ts';
import { pointsFor } from './points.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RowAdmission } from './row-admission.ts';

export interface CostLimitOptions {
  readonly maxPageSize: number;
  /** Of one operation; the tenant's own limit wins. */
  readonly maxUpstreamCalls: number;
  readonly maxRows: number;
  readonly rateLimits: RateLimits;
  readonly admission: RowAdmission;
  readonly report: CostReport;
}

/**
 * Refuses, before the first upstream call, an operation that could cause more calls or return more rows than one
 * operation may, or than its caller has points for in this minute. Reserves the points of the estimate, and charges
 * what was really done when the operation has ended.
 */
export function useCostLimit(options: CostLimitOptions): Plugin<OperationContext> {
  const { maxPageSize, maxUpstreamCalls, maxRows, rateLimits, admission, report } = options;
  return {
    async onExecute({ args, executeFn, setExecuteFn, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues, contextValue } = args;
      const { caller, request, scope, work } = contextValue;
      const cost = operationCost(schema, { document, operationName, variables: variableValues }, maxPageSize);
      const points = pointsFor(cost);
      work.isSmall = cost.rows <= SMALL_ROWS;
      report.set(request, { ...cost, points });
      const most = Math.min(caller.limits.maxUpstreamCalls ?? maxUpstreamCalls, rateLimits.most(caller));
      const excess = excessOf(cost, most, maxRows);
      try {
        if (excess) throw new OperationTooExpensive(excess);
        // More than a minute's points would never be there, however long the caller waited.
        const reserved = Math.min(points, rateLimits.most(caller));
        // The first point was taken with the request.
        const reservation = await rateLimits.reserve(caller, reserved - 1, scope);
        const settle = async () => {
          const charged = pointsFor({ calls: scope.calls, rows: work.rows, scanned: work.scanned });
          const remaining = await reservation.settle(charged - 1);
          report.set(request, { ...cost, points, charged, remaining });
        };
        await admission.enter(request, caller.tenantId, cost.rows, scope).catch(async (error) => {
          await settle();
          throw error;
        });
        // Also when the client leaves, which ends the execution by an error.
        setExecuteFn(async (executionArgs) => {
          try {
            return await executeFn(executionArgs);
          } finally {
            await settle();
            if (request.signal.aborted) admission.leave(request);
          }
        });
      } catch (error) {
        setResultAndStopExecution({ errors: [toClientError(error)] });
      }
    },
  };
}

function excessOf(
  { calls, rows }: { readonly calls: number; readonly rows: number },
  maxCalls: number,
  maxRows: number,
): string | undefined {
  if (!Number.isFinite(calls + rows))
    return 'The operation has too many fields or levels to estimate its cost. Ask for less at once.';
  if (calls > maxCalls)
    return 'The operation could cause more upstream calls than one operation may. Ask for smaller pages, or for fewer fields that need a call per row.';
  if (rows > maxRows)
    return 'The operation could return more rows than one operation may. Ask for smaller pages, or nest fewer lists.';
  return undefined;
}
