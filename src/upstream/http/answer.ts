import {
  UpstreamBlocked,
  UpstreamConflict,
  UpstreamContractError,
  type UpstreamError,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnauthorized,
  UpstreamUnavailable,
} from '../errors.ts';
import { AnswerTooLarge, type HttpAnswer, HttpTimeout, NotSent } from './http.ts';
import { parseInSlices } from './parse-in-slices.ts';
import { readProblem, wordsOf } from './problem.ts';
import type { Redact } from './redact.ts';

/** What an error says of the request. */
export interface SentRequest {
  readonly redact?: Redact;
  /** It carried `Merchant-Serial-Number`. */
  readonly namesUnit?: boolean;
}

/** Returns the typed error for an answer that is not a success, or for what the exchange threw. */
export function toUpstreamError(route: string, failure: unknown, request: SentRequest = {}): UpstreamError {
  if (isAnswer(failure)) return statusError(route, failure, request);
  const sent = !(failure instanceof NotSent);
  const cause = failure instanceof NotSent ? failure.cause : failure;
  if (cause instanceof HttpTimeout)
    return new UpstreamUnavailable(cause.message, { route, reason: 'timeout', sent, cause });
  if (failure instanceof AnswerTooLarge)
    return new UpstreamContractError(failure.message, { route, cause: failure });
  return new UpstreamUnavailable('the connection failed', { route, reason: 'network', sent, cause });
}

/** Returns the JSON of a success. Throws {@link UpstreamContractError} for any other content. */
export function readJson(route: string, answer: HttpAnswer): unknown {
  checkContent(route, answer);
  try {
    return JSON.parse(answer.body);
  } catch (cause) {
    throw notJson(route, answer, cause);
  }
}

/** As {@link readJson}, without holding up other requests when the body is a long list. */
export async function readLongJson(route: string, answer: HttpAnswer): Promise<unknown> {
  checkContent(route, answer);
  try {
    return await parseInSlices(answer.body);
  } catch (cause) {
    throw notJson(route, answer, cause);
  }
}

function checkContent(route: string, { status, headers }: HttpAnswer): void {
  const type = headers['content-type'];
  // A missing content type is accepted: what matters is whether the body is the JSON of the contract.
  if (typeof type === 'string' && !/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw new UpstreamContractError('the answer is not JSON', { route, status });
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new UpstreamContractError('the answer has a content encoding that was not requested', {
      route,
      status,
    });
}

const notJson = (route: string, { status }: HttpAnswer, cause: unknown) =>
  new UpstreamContractError('the answer is not valid JSON', { route, status, cause: syntaxOnly(cause) });

/** Whether a 401 is about the subscription key: then the other key may help, and a new token would not. */
export function isAboutSubscriptionKey(answer: HttpAnswer): boolean {
  return answer.status === 401 && /subscription/i.test(wordsOf(readProblem(answer.body)));
}

function statusError(
  route: string,
  { status, headers, body }: HttpAnswer,
  { redact, namesUnit }: SentRequest,
): UpstreamError {
  const details = { route, status, problem: readProblem(body, redact) };
  if (status === 403 && details.problem.writtenBy === 'firewall')
    return new UpstreamBlocked('refused with 403 by a firewall', details);
  if (status === 401) return new UpstreamUnauthorized('refused with 401', details);
  if (status === 403) {
    // Both a missing number and one of another unit are documented causes of a 403 (source: knowledge base).
    const message = `refused with 403, ${namesUnit ? 'with' : 'without'} Merchant-Serial-Number`;
    return new UpstreamUnauthorized(message, { ...details, namesUnit });
  }
  if (status === 429)
    return new UpstreamRateLimited('rate limited', { ...details, retryAfterMs: readRetryAfter(headers) });
  // 423 «Locked» is transient, as the platform's page on statuses says.
  if (status >= 500 || status === 408 || status === 423 || status === 425)
    return new UpstreamUnavailable(`answered ${status}`, {
      ...details,
      reason: 'status',
      retryAfterMs: readRetryAfter(headers),
    });
  if (status === 409) return new UpstreamConflict('answered 409', details);
  // Only a 400 or 422 that the API itself wrote is about the caller's input. The gateway in front of the API writes a 422
  // of its own, and its 404 means that the path does not exist, not that the object is absent.
  const isRefusal = (status === 400 || status === 422) && details.problem.writtenBy === 'api';
  if (!isRefusal) return new UpstreamContractError(`answered ${status}`, details);
  return new UpstreamRejected(`answered ${status}`, details);
}

/** Bounds what a header can make a client wait. A timer of more than 24 days would fire at once. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1_000;

/**
 * Returns milliseconds, a day at most, from seconds or from an HTTP date, which is compared with the upstream's own
 * `Date`. Returns undefined for anything else.
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

// The message of V8 quotes the upstream's text, so only the name of the error is kept.
function syntaxOnly(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'unknown';
}
