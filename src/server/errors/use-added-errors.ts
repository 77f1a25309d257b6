import type { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Log } from '../../telemetry/log.ts';
import type { OperationContext } from '../context.ts';
import { stateOf } from '../request-state.ts';
import { logCause } from './log-error.ts';

/** Adds the errors that no field threw to the result, and logs those that the result reports in another form. */
export function useAddedErrors(log: Log): Plugin<OperationContext> {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        const { addedErrors, logOnlyErrors, request } = args.contextValue;
        logOnly(logOnlyErrors, stateOf(request).id, log);
        if (addedErrors.length === 0 || isAsyncIterable(result)) return;
        setResult({ ...result, errors: [...(result.errors ?? []), ...(addedErrors as GraphQLError[])] });
      },
    }),
  };
}

/** Logs errors that the result reports in another form. */
export function logOnly(errors: readonly Error[], requestId: string, log: Log): void {
  for (const error of errors) logCause(error, {}, log.child({ requestId }));
}
