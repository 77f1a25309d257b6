import { WriteFailure } from '../../resolvers/write-failure.ts';
import type { Log } from '../../telemetry/log.ts';
import { IdempotencyKeyReused, OutcomeUnknown, UpstreamError } from '../../upstream/errors.ts';
import type { Problem } from '../../upstream/http/problem.ts';
import { failureOf } from './failures.ts';
import { shortenName } from './shorten.ts';

/** Logs the cause of an error in one line, if its code or a failed write calls for it. */
export function logCause(
  error: Error,
  given: { readonly code?: unknown; readonly path?: unknown },
  log: Log,
): void {
  const cause = rootOf(error);
  const facts = { ...given, path: shortenedPath(given.path) };
  const idempotencyKey = error instanceof WriteFailure ? error.idempotencyKey : undefined;
  if (facts.code === 'INTERNAL') {
    log.error({ ...facts, err: cause }, 'internal error');
    return;
  }
  const level = failureOf(cause)?.log ?? (error instanceof WriteFailure ? 'warn' : undefined);
  if (!level) return;
  const upstream = cause instanceof UpstreamError ? factsOfUpstream(cause) : {};
  const message = cause instanceof Error ? cause.message : 'a write failed';
  log[level]({ ...facts, ...upstream, idempotencyKey }, message);
}

function factsOfUpstream({ route, status, problem, cause }: UpstreamError): object {
  const network = (cause as NodeJS.ErrnoException | undefined)?.code;
  return { route, status, network, problem: route.startsWith('GET') ? problem : withoutText(problem) };
}

// Names in a path are chosen by the client.
const shortenedPath = (path: unknown) =>
  Array.isArray(path) ? path.map((part) => (typeof part === 'string' ? shortenName(part) : part)) : undefined;

function rootOf(error: unknown): unknown {
  const isWrapper =
    error instanceof WriteFailure ||
    ((error instanceof OutcomeUnknown || error instanceof IdempotencyKeyReused) && error.cause);
  return isWrapper ? rootOf(error.cause) : error;
}

const ID = /^[\w:-]{1,64}$/;

// A problem of a write may quote its input, which contains account numbers and passwords. Only the ids remain, which a
// support case needs.
function withoutText({ writtenBy, instance, traceId }: Problem = { writtenBy: 'unknown' }): Problem {
  return {
    writtenBy,
    ...(instance && ID.test(instance) && { instance }),
    ...(traceId && ID.test(traceId) && { traceId }),
  };
}
