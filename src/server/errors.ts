import { GraphQLError, type GraphQLFormattedError, Kind, print } from 'graphql';
import { BadUserInput, MissingScope, NotVisible } from '../resolvers/errors.ts';
import { WriteFailure } from '../resolvers/prefill-product-order.ts';
import {
  ClientLeft,
  DeadlineExceeded,
  IdempotencyKeyReused,
  OutcomesUnavailable,
  OutcomeUnknown,
  QueueFull,
  UpstreamConflict,
  UpstreamContractError,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnauthorized,
  UpstreamUnavailable,
} from '../upstream/errors.ts';
import { Unauthenticated } from './auth/caller.ts';
import { type ErrorCode, errorCodes } from './error-code.ts';
import {
  IntrospectionDisabled,
  OperationTooComplex,
  OperationTooExpensive,
  Overloaded,
  PersistedQueryNotFound,
  RateLimited,
  SubscriptionNotOffered,
} from './limits/refused.ts';
import { terseMessage } from './limits/terse-message.ts';
import { retryAfter } from './retry-after.ts';

const clientErrors = new WeakSet<GraphQLError>();

/**
 * Whatever was thrown → what a client may see. The cause stays on `originalError`, for the log; it is not serialised.
 * The only place that knows both GraphQL errors and upstream errors. `terse` keeps names of the schema out of what is
 * said about a request that is not right.
 */
export function toClientError(error: unknown, terse = false): GraphQLError {
  if (error instanceof GraphQLError && clientErrors.has(error)) return error;
  const located = error instanceof GraphQLError ? error : undefined;
  const cause = causeOf(error);
  const { code, message, extensions } = describe(cause, located, terse);
  const http = httpOf(code, located);
  const clientError = new GraphQLError(message ?? errorCodes[code].message, {
    nodes: located?.nodes ?? null,
    source: located?.source ?? null,
    positions: located?.positions ?? null,
    path: located?.path ?? null,
    originalError: cause instanceof Error ? cause : null,
    extensions: {
      code,
      retryable: errorCodes[code].retryable,
      ...extensions,
      ...(http !== undefined && { http }),
    },
  });
  clientErrors.add(clientError);
  return clientError;
}

interface Description {
  readonly code: ErrorCode;
  /** The code's own message unless this one says more. */
  readonly message?: string;
  readonly extensions?: GraphQLFormattedError['extensions'];
}

function describe(cause: unknown, located: GraphQLError | undefined, terse: boolean): Description {
  if (cause instanceof Unauthenticated)
    return {
      code: 'UNAUTHENTICATED',
      extensions: { http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } },
    };
  if (cause instanceof WriteFailure) {
    const { idempotencyKey } = cause;
    const reason = describe(cause.cause, undefined, terse);
    return { ...reason, extensions: { ...reason.extensions, ...(idempotencyKey && { idempotencyKey }) } };
  }
  if (cause instanceof OutcomeUnknown) return { code: 'OUTCOME_UNKNOWN' };
  if (cause instanceof IdempotencyKeyReused) return { code: 'IDEMPOTENCY_KEY_REUSED' };
  if (cause instanceof OutcomesUnavailable) return { code: 'OVERLOADED' };
  if (cause instanceof BadUserInput)
    return { code: 'BAD_USER_INPUT', message: cause.message, extensions: { argument: cause.argument } };
  if (cause instanceof MissingScope)
    return {
      code: 'FORBIDDEN',
      message: `This needs the scope ${cause.scopes.join(' or ')}, which the caller does not have. Whoever runs the gateway gives scopes.`,
      extensions: { scopes: cause.scopes },
    };
  if (cause instanceof NotVisible) return { code: 'NOT_FOUND' };
  if (cause instanceof OperationTooExpensive)
    return { code: 'OPERATION_TOO_EXPENSIVE', message: cause.message };
  if (cause instanceof OperationTooComplex) return { code: 'OPERATION_TOO_COMPLEX', message: cause.message };
  if (cause instanceof SubscriptionNotOffered)
    return { code: 'BAD_REQUEST', message: 'This gateway has no subscriptions.' };
  if (cause instanceof IntrospectionDisabled) return { code: 'INTROSPECTION_DISABLED' };
  if (cause instanceof PersistedQueryNotFound) return { code: 'PERSISTED_QUERY_NOT_FOUND' };
  if (cause instanceof RateLimited) {
    const { retryAfterMs } = cause;
    const http = { status: 429, headers: retryAfter(retryAfterMs) };
    return { code: 'RATE_LIMITED', extensions: { retryAfterMs, http } };
  }
  if (cause instanceof QueueFull || cause instanceof Overloaded) return { code: 'OVERLOADED' };
  // The client that left sees no answer; a shared call never fails for this reason.
  if (cause instanceof DeadlineExceeded || cause instanceof ClientLeft) return { code: 'DEADLINE_EXCEEDED' };
  if (cause instanceof UpstreamRateLimited)
    return {
      code: 'UPSTREAM_RATE_LIMITED',
      ...(cause.retryAfterMs !== undefined && { extensions: { retryAfterMs: cause.retryAfterMs } }),
    };
  if (cause instanceof UpstreamUnauthorized)
    return { code: cause.status === 403 ? 'FORBIDDEN' : 'UPSTREAM_UNAUTHENTICATED' };
  if (cause instanceof UpstreamUnavailable)
    return { code: cause.reason === 'timeout' ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE' };
  if (cause instanceof UpstreamContractError || cause instanceof UpstreamConflict)
    return { code: 'UPSTREAM_BAD_RESPONSE' };
  if (cause instanceof UpstreamRejected) return { code: 'BAD_USER_INPUT' };
  return describeProtocolError(cause, located, terse);
}

/** Errors of graphql-js and Yoga themselves: a request that is not right, or a mistake of ours. */
function describeProtocolError(
  cause: unknown,
  located: GraphQLError | undefined,
  terse: boolean,
): Description {
  const message = cause instanceof Error ? cause.message : '';
  const variable =
    /^Variable "\$(\w+)" (?:got invalid value [\s\S]*?(?: at "([\w.[\]]+)")?; |of (?:required|non-null) type )/.exec(
      message,
    );
  if (cause instanceof GraphQLError && variable) {
    // The library's text quotes the value, which may be a secret.
    const [, name = '', path = name] = variable;
    const [definition] = located?.nodes ?? [];
    const type =
      definition?.kind === Kind.VARIABLE_DEFINITION ? print(definition.type) : 'what it is declared as';
    const where = path === name ? '' : `, at "${path}"`;
    // Names of fields and types are the schema's or the client's own words; only values are left out.
    const [, reason] =
      /; (Field "\w+" (?:is not defined by|of required) type "[\w![\]]+"[^;]*)$/.exec(message) ?? [];
    const problem = / was not provided/.test(message) && !reason ? 'it was not given' : 'its value is not';
    return {
      code: 'BAD_USER_INPUT',
      message: `Variable "$${name}" must be ${type}; ${problem}${where}.${reason && !terse ? ` ${reason}` : ''}`,
      extensions: { argument: path },
    };
  }
  const argument = /^Argument "(\w+)"/.exec(message);
  if (cause instanceof GraphQLError && argument)
    return {
      code: 'BAD_USER_INPUT',
      message: `Argument "${argument[1]}" has no value of its type.`,
      extensions: { argument: argument[1] },
    };
  // Raised while a field was worked on, and none of the above: ours, whatever its message says.
  if (located?.path) return { code: 'INTERNAL' };
  if (cause instanceof RangeError && /call stack/.test(cause.message))
    return { code: 'BAD_REQUEST', message: 'The document is nested too deeply.' };
  if (cause instanceof GraphQLError && /^Batching/.test(message)) return { code: 'BATCHING_NOT_ALLOWED' };
  if (cause instanceof GraphQLError)
    return { code: 'BAD_REQUEST', message: withoutValues(terse ? terseMessage(cause) : message) };
  // The variables or extensions of a GET are JSON in the URL.
  if (cause instanceof SyntaxError) return { code: 'BAD_REQUEST' };
  return { code: 'INTERNAL' };
}

// A value that stands in the document itself may be as secret as one in a variable. Names stay.
function withoutValues(message: string): string {
  return message
    .replace(/^(Expected value of type "[^"]+"), found [\s\S]*$/, '$1.')
    .replace(/^([^:]* cannot represent [^:]*):[\s\S]*$/, '$1.')
    .replace(
      /^Unexpected parameter "[\s\S]*$/,
      'The body has a parameter of another name than query, variables, operationName and extensions.',
    )
    .replace(/^Value "[\s\S]*" (does not exist in "\w+" enum)[\s\S]*$/, 'The value $1.')
    .replace(/^(Syntax Error: Invalid [\w ]*escape sequence): [\s\S]*$/, '$1.')
    .replace(/\b(String|BlockString|Int|Float) "[\s\S]*"/g, '$1');
}

const refusedBeforeExecution = new Set<ErrorCode>([
  'OPERATION_TOO_COMPLEX',
  'OPERATION_TOO_EXPENSIVE',
  'INTROSPECTION_DISABLED',
  'PERSISTED_QUERY_NOT_FOUND',
]);

/**
 * The status of an answer without data, as GraphQL over HTTP asks for it. `spec` leaves it 200 for clients that accept
 * only `application/json`, as they expect it of a document that is wrong; a request that is no GraphQL at all is 400.
 */
function httpOf(code: ErrorCode, located: GraphQLError | undefined): Record<string, unknown> | undefined {
  const given = located?.extensions['http'] as Record<string, unknown> | undefined;
  const noDocument = code === 'BAD_REQUEST' && !located?.locations;
  if (given) return noDocument ? { ...given, spec: false } : given;
  if (noDocument) return { status: 400 };
  const refused = refusedBeforeExecution.has(code) || (code === 'BAD_USER_INPUT' && !located?.path);
  return refused ? { status: 400, spec: true } : undefined;
}

/** What a resolver threw: GraphQL wraps it, sometimes twice. An error of GraphQL's own stays whole. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause instanceof GraphQLError ? error : cause;
}
