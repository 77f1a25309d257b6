import type { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { OperationContext } from './context.ts';

/** Adds to the answer the errors that no field threw. */
export function useReportedErrors(): Plugin<OperationContext> {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        const { reported } = args.contextValue;
        if (reported.length === 0 || isAsyncIterable(result)) return;
        setResult({ ...result, errors: [...(result.errors ?? []), ...(reported as GraphQLError[])] });
      },
    }),
  };
}
