import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type InputLimits, largeInput } from '../../operation/input-size.ts';
import { BadUserInput } from '../../resolvers/errors.ts';
import { toClientError } from '../errors/client-error.ts';

/** Refuses arguments with long texts or long lists, in the document or in variables, before anything reads them. */
export function useInputLimit(limits: InputLimits): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues: variables } = args;
      const large = largeInput(schema, { document, operationName, variables }, limits);
      if (!large) return;
      const originalError = new BadUserInput(large.argument, large.message);
      const error = new GraphQLError(originalError.message, { nodes: large.field, originalError });
      setResultAndStopExecution({ errors: [toClientError(error)] });
    },
  };
}
