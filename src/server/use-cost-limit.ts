import type { Plugin } from 'graphql-yoga';
import { operationCost } from '../schema/operation-cost.ts';
import type { OperationContext } from './context.ts';
import { toClientError } from './errors.ts';
import type { CostReport } from './limits/cost-report.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import { OperationTooExpensive, RateLimited } from './limits/refused.ts';

/**
 * Refuses, before the first upstream call, an operation that could cause more of them than `maxUpstreamCalls`, or than
 * its caller has points for in this minute. The tenant's own limit wins.
 */
export function useCostLimit(
  maxUpstreamCalls: number,
  rateLimits: RateLimits,
  report: CostReport,
): Plugin<OperationContext> {
  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const refuse = (error: Error) => setResultAndStopExecution({ errors: [toClientError(error)] });
      const { schema, document, operationName, variableValues, contextValue } = args;
      const { caller, request } = contextValue;
      const estimate = operationCost(schema, { document, operationName, variables: variableValues });
      // More than a minute's points would never be there, however long the caller waited.
      const limit = Math.min(caller.limits.maxUpstreamCalls ?? maxUpstreamCalls, rateLimits.most(caller));
      const points = Math.max(1, estimate);
      report.set(request, { estimate, limit, points });
      if (estimate > limit)
        return refuse(
          new OperationTooExpensive(
            Number.isFinite(estimate)
              ? 'The operation could cause more upstream calls than one operation may. Ask for smaller pages, or for fewer fields that need a call per row.'
              : 'The operation has too many fields or levels to tell how many upstream calls it could cause. Ask for less at once.',
          ),
        );
      try {
        // The first point was taken with the request.
        const remaining = await rateLimits.take(caller, points - 1);
        report.set(request, { estimate, limit, points, remaining });
      } catch (error) {
        if (!(error instanceof RateLimited)) throw error;
        refuse(error);
      }
    },
  };
}
