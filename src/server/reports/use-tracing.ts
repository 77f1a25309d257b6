import type { Plugin } from 'graphql-yoga';
import { startOperationSpan, startRequestSpan } from '../../telemetry/tracing.ts';
import type { OperationContext } from '../context.ts';
import { stateOf } from '../request-state.ts';

/** Describes each request and its operation to OpenTelemetry, if an SDK records. */
export function useTracing(path: string): Plugin<OperationContext> {
  return {
    onRequest({ request, url }) {
      if (url.pathname !== path || stateOf(request).span) return;
      const span = startRequestSpan(request.headers.get('traceparent'), request.method, path);
      if (span) stateOf(request).span = span;
    },
    onExecute({ args: { contextValue } }) {
      const { span, operation, operationName } = stateOf(contextValue.request);
      const opened =
        span && operation && startOperationSpan(span.context, operation.operation, operationName);
      if (!opened) return undefined;
      contextValue.scope.trace = opened.context;
      return { onExecuteDone: () => opened.end() };
    },
    onResponse({ request, response }) {
      const { span, code } = stateOf(request);
      span?.end(
        { 'http.response.status_code': response.status, ...(code !== undefined && { 'error.type': code }) },
        response.status >= 500,
      );
    },
  };
}
