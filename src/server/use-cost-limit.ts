import type { Plugin } from 'graphql-yoga';
import { operationCost } from '../schema/operation-cost.ts';
import type { OperationContext } from './context.ts';
import { toClientError } from './errors.ts';
import { OperationTooExpensive } from './limits/refused.ts';

/** Refuses, before the first upstream call, an operation that could cause more of them than `maxUpstreamCalls`. */
export function useCostLimit(maxUpstreamCalls: number): Plugin<OperationContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues } = args;
      const cost = operationCost(schema, { document, operationName, variables: variableValues });
      if (cost <= maxUpstreamCalls) return;
      const message = Number.isFinite(cost)
        ? `The operation could cause more than ${maxUpstreamCalls} upstream calls. Ask for smaller pages, or for fewer fields that need a call per row.`
        : 'The operation has too many fields or levels to tell how many upstream calls it could cause. Ask for less at once.';
      setResultAndStopExecution({ errors: [toClientError(new OperationTooExpensive(message))] });
    },
  };
}
