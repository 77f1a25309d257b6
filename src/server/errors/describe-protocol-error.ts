import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import type { ErrorCode } from './codes.ts';
import { shortenMessage, shortenName } from './shorten.ts';
import { syntaxMessage } from './syntax-message.ts';
import { terseMessage } from './terse-message.ts';
import { validationMessage } from './validation-message.ts';

export interface ErrorDescription {
  readonly code: ErrorCode;
  /** The message of the code if absent. */
  readonly message?: string;
  readonly extensions?: GraphQLFormattedError['extensions'];
}

/**
 * Describes an error of graphql-js or Yoga: an invalid request, or a bug in the gateway. Decides by the nodes of the error
 * and the first words of its message. The rest of the message may be a megabyte that the client wrote.
 */
export function describeProtocolError(
  cause: unknown,
  located: GraphQLError | undefined,
  terse: boolean,
): ErrorDescription {
  if (cause instanceof GraphQLError) {
    const input = describeInput(cause);
    if (input) return input;
  }
  // Thrown by a field and none of the above: a bug in the gateway, whatever the message says.
  if (located?.path) return { code: 'INTERNAL' };
  if (cause instanceof RangeError && cause.message.startsWith('Maximum call stack'))
    return { code: 'BAD_REQUEST', message: 'The document is nested too deeply.' };
  if (cause instanceof GraphQLError && cause.message.startsWith('Batching'))
    return { code: 'BATCHING_NOT_ALLOWED' };
  if (cause instanceof GraphQLError) return { code: 'BAD_REQUEST', message: protocolMessage(cause, terse) };
  // The variables or extensions of a GET are JSON in the URL.
  if (cause instanceof SyntaxError) return { code: 'BAD_REQUEST' };
  return { code: 'INTERNAL' };
}

/** Describes an argument or a variable with a value of the wrong type. The message of graphql-js quotes the value. */
function describeInput({ message, nodes }: GraphQLError): ErrorDescription | undefined {
  const [node] = nodes ?? [];
  if (node?.kind === Kind.VARIABLE_DEFINITION) {
    // useVariableCheck comes first. This is for values that only the executor rejects.
    const argument = node.variable.name.value;
    const isAbout = (what: string) => message.startsWith(`Variable "$${argument}" ${what}`);
    if (isAbout('got invalid value ') || isAbout('of required type ') || isAbout('of non-null type '))
      return {
        code: 'BAD_USER_INPUT',
        message: `The value of variable "$${shortenName(argument)}" does not match its declared type.`,
        extensions: { argument: shortenName(argument) },
      };
  }
  const [, argument] = /^Argument "(\w{1,100})"/.exec(message) ?? [];
  if (argument === undefined) return undefined;
  return {
    code: 'BAD_USER_INPUT',
    message: `The value of argument "${argument}" does not match its type.`,
    extensions: { argument },
  };
}

function protocolMessage(error: GraphQLError, terse: boolean): string {
  const { message, nodes, source, extensions } = error;
  if (nodes?.length) return terse ? terseMessage(error) : validationMessage(error);
  if (source) return syntaxMessage(message);
  if (message.startsWith('Unexpected parameter '))
    return 'The body has an unknown parameter. Send only query, variables, operationName and extensions.';
  if (extensions['code'] === 'OPERATION_RESOLUTION_FAILURE' && message.startsWith('Unknown operation '))
    return 'The document has no operation that is named like `operationName`.';
  return shortenMessage(message);
}
