import {
  UpstreamConflict,
  UpstreamContractError,
  type UpstreamError,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnauthorized,
  UpstreamUnavailable,
} from '../errors.ts';
import { AnswerTooLarge, type HttpAnswer, HttpTimeout, NotSent } from './http.ts';
import { readProblem } from './problem.ts';

/** An answer that is no success, or whatever the exchange threw → the typed error. */
export function toUpstreamError(route: string, failure: unknown): UpstreamError {
  if (isAnswer(failure)) return statusError(route, failure);
  const sent = !(failure instanceof NotSent);
  const cause = failure instanceof NotSent ? failure.cause : failure;
  if (cause instanceof HttpTimeout)
    return new UpstreamUnavailable(cause.message, { route, reason: 'timeout', sent, cause });
  if (failure instanceof AnswerTooLarge)
    return new UpstreamContractError(failure.message, { route, cause: failure });
  return new UpstreamUnavailable('the connection failed', { route, reason: 'network', sent, cause });
}

/** The JSON of a success. Throws {@link UpstreamContractError} for any other content. */
export function readJson(route: string, { status, headers, body }: HttpAnswer): unknown {
  const type = headers['content-type'];
  // No content type at all is let through: what decides is whether the body is the JSON of the contract.
  if (typeof type === 'string' && !/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw new UpstreamContractError('the answer is not JSON', { route, status });
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new UpstreamContractError('the answer is encoded although none was asked for', { route, status });
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new UpstreamContractError('the answer is not valid JSON', {
      route,
      status,
      cause: syntaxOnly(cause),
    });
  }
}

/** A 401 of the gateway that names the subscription key: another token would not mend it, the other key may. */
export function isAboutSubscriptionKey(answer: HttpAnswer): boolean {
  const { writtenBy, title } = readProblem(answer.body);
  return answer.status === 401 && writtenBy === 'gateway' && /subscription/i.test(title ?? '');
}

function statusError(route: string, { status, headers, body }: HttpAnswer): UpstreamError {
  const details = { route, status, problem: readProblem(body) };
  if (status === 401 || status === 403) return new UpstreamUnauthorized(`refused with ${status}`, details);
  if (status === 429)
    return new UpstreamRateLimited('rate limited', { ...details, retryAfterMs: readRetryAfter(headers) });
  if (status >= 500 || status === 408 || status === 425)
    return new UpstreamUnavailable(`answered ${status}`, {
      ...details,
      reason: 'status',
      retryAfterMs: readRetryAfter(headers),
    });
  if (status === 409) return new UpstreamConflict('answered 409', details);
  // A 404 of the gateway in front of the API means that the path does not exist there, not that the thing is absent.
  // Nor can the caller mend any other 4xx but these two, and only when it was the API that looked at the input: the
  // gateway in front writes a 422 of its own.
  const isRefusal = (status === 400 || status === 422) && details.problem.writtenBy === 'api';
  if (!isRefusal) return new UpstreamContractError(`answered ${status}`, details);
  return new UpstreamRejected(`answered ${status}`, details);
}

/** No client should wait longer on the word of a header, and a timer of more than 24 days would fire at once. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1_000;

/**
 * Seconds or an HTTP date (measured against the upstream's own `Date`), in milliseconds and a day at most; undefined
 * for anything else.
 */
function readRetryAfter(headers: HttpAnswer['headers']): number | undefined {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,9}$/.test(value)) return Math.min(Number(value) * 1_000, LONGEST_WAIT_MS);
  const upstreamNow = Date.parse(String(headers['date']));
  const wait = Date.parse(value) - (Number.isNaN(upstreamNow) ? Date.now() : upstreamNow);
  return wait >= 0 ? Math.min(wait, LONGEST_WAIT_MS) : undefined;
}

function isAnswer(failure: unknown): failure is HttpAnswer {
  return (
    !(failure instanceof Error) && typeof failure === 'object' && failure !== null && 'status' in failure
  );
}

// V8 quotes the text in its message: keep the kind of the error, drop the upstream's words.
function syntaxOnly(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'unknown';
}
