import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type InputLimits, largeInput } from '../../operation/input-size.ts';
import { BadUserInput } from '../../resolvers/errors.ts';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-error.ts';
import { beforeOperations } from './before-operations.ts';

/** Refuses arguments with long texts or long lists, in the document or in variables, before anything reads them. */
export function useInputLimit(limits: InputLimits): Plugin<OperationContext> {
  return beforeOperations(({ schema, document, operationName, variableValues }) => {
    const variables = variableValues ?? undefined;
    const large = largeInput(schema, { document, operationName, variables }, limits);
    if (!large) return undefined;
    const originalError = new BadUserInput(large.argument, large.message);
    const error = new GraphQLError(originalError.message, { nodes: large.field, originalError });
    return { errors: [toClientError(error)] };
  });
}
