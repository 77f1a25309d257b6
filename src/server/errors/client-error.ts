import { GraphQLError } from 'graphql';
import { BadUserInput, MissingScope, NotVisible } from '../../resolvers/errors.ts';
import { WriteFailure } from '../../resolvers/write-failure.ts';
import {
  ClientLeft,
  DeadlineExceeded,
  IdempotencyKeyReused,
  IdempotencyStoreUnavailable,
  OutcomeUnknown,
  QueueFull,
  UpstreamConflict,
  UpstreamContractError,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnauthorized,
  UpstreamUnavailable,
} from '../../upstream/errors.ts';
import { Unauthenticated } from '../auth/caller.ts';
import { retryAfter } from '../http/retry-after.ts';
import { type ErrorCode, errorCodes } from './codes.ts';
import { describeProtocolError, type ErrorDescription } from './describe-protocol-error.ts';
import {
  IntrospectionDisabled,
  OperationTooComplex,
  OperationTooExpensive,
  Overloaded,
  PersistedQueryNotFound,
  RateLimited,
  SubscriptionNotOffered,
} from './request-errors.ts';

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

function describe(cause: unknown, located: GraphQLError | undefined, terse: boolean): ErrorDescription {
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
  if (cause instanceof IdempotencyStoreUnavailable) return { code: 'OVERLOADED' };
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
