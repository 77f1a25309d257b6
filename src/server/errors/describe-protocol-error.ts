import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import type { ErrorCode } from './codes.ts';
import { InvalidVariable } from './invalid-variable.ts';
import { shortenMessage, shortenName } from './shorten.ts';
import { syntaxMessage } from './syntax-message.ts';
import { terseMessage } from './terse-message.ts';
import { validationMessage } from './validation-message.ts';

export interface ErrorDescription {
  readonly code: ErrorCode;
  /** The code's own message unless this one says more. */
  readonly message?: string;
  readonly extensions?: GraphQLFormattedError['extensions'];
}

/**
 * Describes an error of graphql-js or Yoga themselves: an invalid request, or a bug of ours. Decides by what the error
 * points to, and by the first words of its message: the rest of it may be a megabyte that the client wrote.
 */
export function describeProtocolError(
  cause: unknown,
  located: GraphQLError | undefined,
  terse: boolean,
): ErrorDescription {
  if (cause instanceof InvalidVariable)
    return { code: 'BAD_USER_INPUT', message: cause.message, extensions: { argument: cause.argument } };
  if (cause instanceof GraphQLError) {
    const input = describeInput(cause);
    if (input) return input;
  }
  // Raised while a field was worked on, and none of the above: ours, whatever its message says.
  if (located?.path) return { code: 'INTERNAL' };
  if (cause instanceof RangeError && cause.message.startsWith('Maximum call stack'))
    return { code: 'BAD_REQUEST', message: 'The document is nested too deeply.' };
  if (cause instanceof GraphQLError && cause.message.startsWith('Batching'))
    return { code: 'BATCHING_NOT_ALLOWED' };
  if (cause instanceof GraphQLError) return { code: 'BAD_REQUEST', message: messageOf(cause, terse) };
  // The variables or extensions of a GET are JSON in the URL.
  if (cause instanceof SyntaxError) return { code: 'BAD_REQUEST' };
  return { code: 'INTERNAL' };
}

/** An argument or a variable without a value of its type, which the library quotes. */
function describeInput({ message, nodes }: GraphQLError): ErrorDescription | undefined {
  const [node] = nodes ?? [];
  if (node?.kind === Kind.VARIABLE_DEFINITION) {
    // See useVariableCheck, which comes first: this is for a value that the executor alone finds wrong.
    const argument = node.variable.name.value;
    const isAbout = (what: string) => message.startsWith(`Variable "$${argument}" ${what}`);
    if (isAbout('got invalid value ') || isAbout('of required type ') || isAbout('of non-null type '))
      return {
        code: 'BAD_USER_INPUT',
        message: `Variable "$${shortenName(argument)}" does not have the type that it is declared as.`,
        extensions: { argument: shortenName(argument) },
      };
  }
  const [, argument] = /^Argument "(\w{1,100})"/.exec(message) ?? [];
  if (argument === undefined) return undefined;
  return {
    code: 'BAD_USER_INPUT',
    message: `Argument "${argument}" has no value of its type.`,
    extensions: { argument },
  };
}

function messageOf(error: GraphQLError, terse: boolean): string {
  const { message, nodes, source, extensions } = error;
  if (nodes?.length) return terse ? terseMessage(error) : validationMessage(error);
  if (source) return syntaxMessage(message);
  if (message.startsWith('Unexpected parameter '))
    return 'The body has a parameter of another name than query, variables, operationName and extensions.';
  if (extensions['code'] === 'OPERATION_RESOLUTION_FAILURE' && message.startsWith('Unknown operation '))
    return 'The document has no operation with the name in `operationName`.';
  return shortenMessage(message);
}
