import type { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Log } from '../../telemetry/log.ts';
import type { OperationContext } from '../context.ts';
import { requestIdOf } from '../reports/request-id.ts';
import { logCause } from './log-error.ts';

/** Adds to the answer the errors that no field threw, and to the log those that the answer tells in another way. */
export function useAddedErrors(log: Log): Plugin<OperationContext> {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        const { addedErrors, logOnlyErrors, request } = args.contextValue;
        for (const error of logOnlyErrors)
          logCause(error, {}, log.child({ requestId: requestIdOf(request) }));
        if (addedErrors.length === 0 || isAsyncIterable(result)) return;
        setResult({ ...result, errors: [...(result.errors ?? []), ...(addedErrors as GraphQLError[])] });
      },
    }),
  };
}
