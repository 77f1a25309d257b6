import { WriteFailure } from '../../resolvers/write-failure.ts';
import type { Log } from '../../telemetry/log.ts';
import { IdempotencyKeyReused, OutcomeUnknown, UpstreamError } from '../../upstream/errors.ts';
import type { Problem } from '../../upstream/http/problem.ts';

/** Writes what is behind an error to the log, in one line. */
export function logCause(
  error: Error,
  given: { readonly code?: unknown; readonly path?: unknown },
  log: Log,
): void {
  const cause = rootOf(error);
  const facts = { ...given, path: shortened(given.path) };
  const idempotencyKey = error instanceof WriteFailure ? error.idempotencyKey : undefined;
  if (cause instanceof UpstreamError) {
    const { route, status } = cause;
    const network = (cause.cause as NodeJS.ErrnoException | undefined)?.code;
    const problem = route.startsWith('GET') ? cause.problem : withoutWords(cause.problem);
    log.warn({ ...facts, route, status, network, problem, idempotencyKey }, cause.message);
  } else if (error instanceof WriteFailure && facts.code !== 'INTERNAL')
    log.warn({ ...facts, idempotencyKey }, cause instanceof Error ? cause.message : 'a write failed');
  else if (facts.code === 'INTERNAL') log.error({ ...facts, err: cause }, 'unexpected failure');
}

// Names in a path are the client's own words.
const LONGEST_NAME = 64;
const shortened = (path: unknown) =>
  Array.isArray(path)
    ? path.map((part) => (typeof part === 'string' ? part.slice(0, LONGEST_NAME) : part))
    : undefined;

function rootOf(error: unknown): unknown {
  const isWrapper =
    error instanceof WriteFailure ||
    ((error instanceof OutcomeUnknown || error instanceof IdempotencyKeyReused) && error.cause);
  return isWrapper ? rootOf(error.cause) : error;
}

const ID = /^[\w:-]{1,64}$/;

// What the upstream says of an input may quote it, and an input holds account numbers and passwords. Its ids remain, so
// that both sides of a support case can be matched.
function withoutWords({ writtenBy, instance, traceId }: Problem = { writtenBy: 'unknown' }): Problem {
  return {
    writtenBy,
    ...(instance && ID.test(instance) && { instance }),
    ...(traceId && ID.test(traceId) && { traceId }),
  };
}
