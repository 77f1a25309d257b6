import type { Plugin } from 'graphql-yoga';
import { badMutationArgument } from '../../operation/mutation-arguments.ts';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-error.ts';

/** Refuses a mutation if any of its fields has an invalid argument, before the first field runs. */
export function useMutationArguments(): Plugin<OperationContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues } = args;
      const error = badMutationArgument(schema, { document, operationName, variables: variableValues });
      if (error) setResultAndStopExecution({ errors: [toClientError(error)] });
    },
  };
}
