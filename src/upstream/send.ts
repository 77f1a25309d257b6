import type { Observer } from '../telemetry/observer.ts';
import { startCallSpan, traceparentOf } from '../telemetry/tracing.ts';
import type { Call, Send, UpstreamRead, UpstreamWrite } from './endpoint.ts';
import {
  isAboutSubscriptionKey,
  readJson,
  readLongJson,
  type SentRequest,
  toUpstreamError,
} from './http/answer.ts';
import type { Http, HttpAnswer } from './http/http.ts';
import { readProblem } from './http/problem.ts';
import { createRedact } from './http/redact.ts';
import type { AccessTokens } from './keys/access-token.ts';
import { type Credentials, secretsOf } from './keys/credentials.ts';
import type { Secret } from './keys/secret.ts';
import type { SubscriptionKeys } from './keys/subscription-keys.ts';
import { noteBody } from './reads/answer-weight.ts';

export interface SendOptions {
  readonly http: Http;
  readonly credentials: Credentials;
  readonly tokens: AccessTokens;
  readonly subscriptionKeys: SubscriptionKeys;
  /** The four Vipps-System headers, in lower case. */
  readonly systemHeaders: Record<string, string>;
  readonly timeoutMs: number;
  readonly observer: Observer;
}

/** A body of more UTF-16 units takes more than a millisecond or two to parse. */
const LONG = 512 * 1_024;

type UpstreamRequest<T> = UpstreamRead<T> | UpstreamWrite<T>;

/** Sends one request with a token and the keys, and once more after a 401 that a new token or the other key may resolve. */
export function createSend(options: SendOptions): Send {
  const { tokens, subscriptionKeys, credentials } = options;
  const sentWith = (request: UpstreamRequest<unknown>, token: string): SentRequest => ({
    redact: createRedact(
      [token, ...secretsOf(credentials)],
      'method' in request ? (request.body ?? '{}') : undefined,
    ),
    namesUnit: request.merchantSerialNumber !== undefined,
  });

  return async <T>(request: UpstreamRequest<T>, call: Call): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      // Awaited only when there is no token yet, to spare a thousand calls a promise each.
      const pending = tokens.get();
      const token = pending instanceof Promise ? await pending : pending;
      if (call.cancellation.reason) throw call.cancellation.reason;
      const key = subscriptionKeys.current();
      const answer = await exchange(options, request, call, token.value, key);
      if (answer.status !== 401) {
        if (answer.status < 300 || answer.status === 404) tokens.accept(token, request.endpoint.route);
        return readAnswer(request, answer, () => sentWith(request, token.value));
      }
      const mayRetry = isAboutSubscriptionKey(answer)
        ? subscriptionKeys.reject(key)
        : tokens.reject(token, request.endpoint.route);
      if (!mayRetry || attempt === 2)
        throw toUpstreamError(request.endpoint.route, answer, sentWith(request, token.value));
    }
  };
}

async function exchange<T>(
  { http, systemHeaders, timeoutMs, observer }: SendOptions,
  request: UpstreamRequest<T>,
  { tracker, cancellation }: Call,
  token: string,
  subscriptionKey: Secret | undefined,
): Promise<HttpAnswer> {
  const { endpoint, path, merchantSerialNumber } = request;
  const write = 'method' in request ? request : undefined;
  const headers: Record<string, string> = { ...systemHeaders, authorization: `Bearer ${token}` };
  if (subscriptionKey) headers['ocp-apim-subscription-key'] = subscriptionKey.reveal();
  if (merchantSerialNumber) headers['merchant-serial-number'] = merchantSerialNumber;
  if (write?.body !== undefined) headers['content-type'] = 'application/json';
  if (write?.idempotencyKey !== undefined) headers['idempotency-key'] = write.idempotencyKey;
  const span = tracker.trace && startCallSpan(tracker.trace, endpoint.route);
  const traceparent = span && traceparentOf(span.context);
  if (traceparent) headers['traceparent'] = traceparent;
  tracker.noteCall();
  const method = write?.method ?? 'GET';
  const body = write?.body !== undefined && { body: write.body };
  const startedAt = performance.now();
  let status: number | undefined;
  try {
    const answer = await http.exchange(
      { method, path, headers, ...body, maxBytes: endpoint.maxBytes, timeoutMs },
      cancellation,
    );
    status = answer.status;
    return answer;
  } catch (error) {
    if (error === cancellation.reason) throw error;
    throw toUpstreamError(endpoint.route, error);
  } finally {
    observer.callEnded(endpoint.route, status, performance.now() - startedAt);
    span?.end(status === undefined ? {} : { 'http.response.status_code': status }, !(status && status < 500));
  }
}

function readAnswer<T>(
  request: UpstreamRequest<T>,
  answer: HttpAnswer,
  sent: () => SentRequest,
): T | Promise<T> {
  const { endpoint } = request;
  // A creation answers 201. The body of a deletion has no meaning.
  if ('method' in request && answer.status >= 200 && answer.status < 300)
    return endpoint.read(request.method === 'DELETE' ? undefined : readJson(endpoint.route, answer));
  if (answer.status === 200) {
    const value =
      answer.body.length > LONG
        ? readLongJson(endpoint.route, answer).then(endpoint.read)
        : endpoint.read(readJson(endpoint.route, answer));
    if (value instanceof Promise) return value.then((read: T) => noteBody(read, answer.body));
    return noteBody(value, answer.body);
  }
  if (answer.status === 204 && endpoint.empty) return endpoint.empty();
  if (answer.status === 404 && endpoint.absent && readProblem(answer.body).writtenBy === 'api')
    return endpoint.absent();
  throw toUpstreamError(endpoint.route, answer, sent());
}
