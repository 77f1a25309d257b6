import type { GraphQLError, OperationTypeNode } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Metrics, ServedOperation } from '../../telemetry/metrics.ts';
import type { OperationContext } from '../context.ts';
import { type RequestState, stateOf } from '../request-state.ts';

/** Counts each operation that was executed, and the codes of the errors in every response. */
export function useOperationMetrics(metrics: Metrics): Plugin<OperationContext> {
  return {
    onExecute({ args: { contextValue } }) {
      stateOf(contextValue.request).work = contextValue.work;
    },
    onResultProcess({ request, result }) {
      if (Array.isArray(result) || isAsyncIterable(result)) return;
      countOperation(metrics, stateOf(request), result.errors, Boolean(result.data));
    },
  };
}

/** Counts an operation with its result. */
export function countOperation(
  metrics: Metrics,
  { operation, isTrusted, startedAt, answerLength, work }: RequestState,
  errors: readonly GraphQLError[] = [],
  hasData = true,
): void {
  const codes = errors.map(({ extensions }) => String(extensions?.['code'] ?? 'INTERNAL'));
  metrics.operationServed({
    type: typeOf(operation?.operation),
    nameClass: isTrusted ? 'trusted' : operation?.name ? 'named' : 'anonymous',
    outcome: codes.length === 0 ? 'ok' : hasData ? 'partial' : 'failed',
    seconds: (performance.now() - startedAt) / 1_000,
    rows: work?.rows ?? 0,
    bytes: answerLength ?? 0,
    codes,
  });
}

const typeOf = (type: OperationTypeNode | undefined): ServedOperation['type'] =>
  type === 'query' || type === 'mutation' ? type : 'unknown';
