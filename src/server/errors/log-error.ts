import type { GraphQLError } from 'graphql';
import { WriteFailure } from '../../resolvers/write-failure.ts';
import type { Log } from '../../telemetry/log.ts';
import { IdempotencyKeyReused, OutcomeUnknown, UpstreamError } from '../../upstream/errors.ts';
import { failureOf } from './failures.ts';
import { shortenName } from './shorten.ts';

/** Lines about one response. A thousand say no more than a few. */
const MOST_LINES = 20;

/** Logs the causes of the errors of a response: one line per cause, however many fields are null because of it. */
export function logCauses(
  errors: readonly Pick<GraphQLError, 'originalError' | 'extensions' | 'path'>[],
  log: Log,
): void {
  const seen = new Set<Error>();
  let causes = 0;
  for (const { originalError, extensions, path } of errors) {
    if (!originalError || seen.has(originalError)) continue;
    seen.add(originalError);
    const { code } = extensions;
    if (levelOf(originalError, code) && ++causes <= MOST_LINES) logCause(originalError, { code, path }, log);
  }
  if (causes > MOST_LINES)
    log.warn({ errors: errors.length, causes }, `only the first ${MOST_LINES} causes were logged`);
}

/** Logs the cause of an error in one line, if its code or a failed write calls for it. */
export function logCause(
  error: Error,
  given: { readonly code?: unknown; readonly path?: unknown },
  log: Log,
): void {
  const cause = rootOf(error);
  const facts = { ...given, path: shortenedPath(given.path) };
  const idempotencyKey = error instanceof WriteFailure ? error.idempotencyKey : undefined;
  const level = levelOf(error, facts.code);
  if (!level) return;
  if (level === 'error') {
    log.error({ ...facts, err: cause }, 'internal error');
    return;
  }
  const upstream = cause instanceof UpstreamError ? factsOfUpstream(cause) : {};
  const message = cause instanceof Error ? cause.message : 'a write failed';
  log[level]({ ...facts, ...upstream, idempotencyKey }, message);
}

/** Returns the level at which the cause of an error is logged; undefined if it is not. */
function levelOf(error: Error, code: unknown): 'error' | 'warn' | undefined {
  if (code === 'INTERNAL') return 'error';
  return failureOf(rootOf(error))?.log ?? (error instanceof WriteFailure ? 'warn' : undefined);
}

function factsOfUpstream({ route, status, problem, cause }: UpstreamError): object {
  const network = (cause as NodeJS.ErrnoException | undefined)?.code;
  return { route, status, network, problem };
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
