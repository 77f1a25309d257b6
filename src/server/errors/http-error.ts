import { type ErrorCode, errorCodes, messageOf } from './codes.ts';

export interface HttpErrorOptions {
  /** The status of the code if absent. */
  readonly status?: number | undefined;
  /** The message of the code if absent. */
  readonly message?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A request that is refused as a whole. `http/` has a renderer for each carrier: response, server response, socket. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, options: HttpErrorOptions = {}) {
    const { status = errorCodes[code].status, message = messageOf(code), headers, retryAfterMs } = options;
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.headers = {
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(retryAfterMs !== undefined && { 'retry-after': retryAfterSeconds(retryAfterMs) }),
      ...headers,
    };
  }
}

const OVERLOAD_RETRY_MS = 1_000;

/** Refuses a request that there is no time for. */
export const overloaded = () => new HttpError('OVERLOADED', { status: 503, retryAfterMs: OVERLOAD_RETRY_MS });

/** The unit of the header is a second, and 0 would mean at once. */
const retryAfterSeconds = (ms: number) => String(Math.max(1, Math.ceil(ms / 1_000)));
