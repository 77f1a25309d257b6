import { GraphQLError } from 'graphql';
import { MissingScope } from '../../resolvers/errors.ts';
import { WriteFailure } from '../../resolvers/write-failure.ts';
import { BriefError, type CommonToErrors } from './brief-error.ts';
import { type ErrorCode, errorCodes, messageOf } from './codes.ts';
import { describeProtocolError, type ErrorDescription } from './describe-protocol-error.ts';
import { type Failure, failureOf } from './failures.ts';
import { HttpError } from './http-error.ts';

const clientErrors = new WeakSet<GraphQLError>();
const isClientError = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && clientErrors.has(error);

/**
 * Returns what a client may see of an error. The cause stays on `originalError` for the log and is not serialized. With
 * `terse`, messages about invalid requests contain no names of the schema.
 */
export function toClientError(error: unknown, terse = false): GraphQLError {
  if (isClientError(error)) return error;
  // Lacks only what is not serialized.
  if (error instanceof BriefError) return error as unknown as GraphQLError;
  const located = error instanceof GraphQLError ? error : undefined;
  const { message, extensions, originalError } = clientFacts(error, terse);
  const clientError = new GraphQLError(message, {
    nodes: located?.nodes ?? null,
    source: located?.source ?? null,
    positions: located?.positions ?? null,
    path: located?.path ?? null,
    originalError: originalError ?? null,
    extensions,
  });
  clientErrors.add(clientError);
  return clientError;
}

/** Returns what {@link toClientError} says of an error, wherever it happened. Much cheaper, since it takes no stack. */
export function clientFacts(error: unknown, terse: boolean): CommonToErrors {
  if (isClientError(error)) return error;
  const located = error instanceof GraphQLError ? error : undefined;
  const cause = causeOf(error);
  const { code, message = messageOf(code), extensions } = describe(cause, located, terse);
  const http = cause instanceof HttpError ? httpOfRequest(cause) : httpOf(code, cause, located);
  return {
    message,
    extensions: { code, retryable: errorCodes[code].retryable, ...extensions, ...(http && { http }) },
    originalError: cause instanceof Error ? cause : undefined,
  };
}

function describe(cause: unknown, located: GraphQLError | undefined, terse: boolean): ErrorDescription {
  if (cause instanceof WriteFailure) {
    const { idempotencyKey } = cause;
    const reason = describe(cause.cause, undefined, terse);
    return { ...reason, extensions: { ...reason.extensions, ...(idempotencyKey && { idempotencyKey }) } };
  }
  if (cause instanceof HttpError) return { code: cause.code, message: cause.message };
  const failure = failureOf(cause);
  return failure ? describeFailure(failure, cause as Error) : describeProtocolError(cause, located, terse);
}

function describeFailure(
  { client: code, ownMessage, details = [] }: Failure,
  cause: Error,
): ErrorDescription {
  const properties = cause as unknown as Readonly<Record<string, unknown>>;
  const present = details.filter((name) => properties[name] !== undefined);
  const extensions = Object.fromEntries(present.map((name) => [name, properties[name]]));
  if (cause instanceof MissingScope) return { code, message: missingScope(cause), extensions };
  return { code, ...(ownMessage && { message: cause.message }), extensions };
}

const missingScope = ({ scopes }: MissingScope) =>
  `This requires the scope ${scopes.join(' or ')}, which the caller does not have. The operator of this gateway grants scopes.`;

type Http = Readonly<Record<string, unknown>>;

/** Returns status and headers of a response that consists of this error, or undefined to leave them to Yoga. */
function httpOf(code: ErrorCode, cause: unknown, located: GraphQLError | undefined): Http | undefined {
  const given = located?.extensions['http'] as Http | undefined;
  const { stage, status } = errorCodes[code];
  // A request without any document is 400 for all clients.
  if (code === 'BAD_REQUEST' && !located?.locations) return { status, ...given, spec: false };
  if (given || code === 'BAD_REQUEST') return given;
  if (stage === 'request') return httpOfRequest(new HttpError(code, retryOf(cause)));
  // The same code at a field does not end the request.
  const isAtField = code === 'BAD_USER_INPUT' && located?.path !== undefined;
  // Yoga sends 200 instead to clients that accept only `application/json`, as GraphQL over HTTP asks for.
  return stage === 'document' && !isAtField ? { status, spec: true } : undefined;
}

const httpOfRequest = ({ status, headers }: HttpError) => ({ status, headers, spec: false });

const retryOf = (cause: unknown) => ({ retryAfterMs: (cause as { retryAfterMs?: number }).retryAfterMs });

/** Returns what a resolver threw. graphql-js wraps it, sometimes twice, and leaves its own errors as they are. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause instanceof GraphQLError ? error : cause;
}
