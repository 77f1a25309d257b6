import type { Problem } from './http/problem.ts';

interface Details {
  /** Method and path template of the call, without any value. */
  readonly route: string;
  readonly status?: number | undefined;
  readonly problem?: Problem | undefined;
  readonly cause?: unknown;
}

/** A call to the Management API that did not give what was asked for. The message is for the log, not for clients. */
export abstract class UpstreamError extends Error {
  readonly route: string;
  readonly status: number | undefined;
  readonly problem: Problem | undefined;

  constructor(message: string, { route, status, problem, cause }: Details) {
    super(`${route}: ${message}`, { cause });
    this.name = new.target.name;
    this.route = route;
    this.status = status;
    this.problem = problem;
  }
}

/** The upstream refused the input: a 4xx that is about the request itself. */
export class UpstreamRejected extends UpstreamError {}

/** The upstream says that the request contradicts what it knows: a 409. */
export class UpstreamConflict extends UpstreamError {}

/** The upstream refused the caller: 401 for the keys or the token, 403 for what they may do. */
export class UpstreamUnauthorized extends UpstreamError {}

/** The upstream asks for patience: a 429. */
export class UpstreamRateLimited extends UpstreamError {
  /** What Retry-After said, in milliseconds; undefined if it said nothing readable. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: Details & { retryAfterMs: number | undefined }) {
    super(message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** No usable answer came: a time-out, a broken connection or a 5xx. */
export class UpstreamUnavailable extends UpstreamError {
  readonly reason: 'timeout' | 'network' | 'status';
  /** False when no byte of the request went out, so that the upstream cannot have acted on it. */
  readonly sent: boolean;
  /** What Retry-After said, in milliseconds; undefined if it said nothing readable. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    details: Details & {
      reason: 'timeout' | 'network' | 'status';
      sent?: boolean;
      retryAfterMs?: number | undefined;
    },
  ) {
    super(message, details);
    this.reason = details.reason;
    this.sent = details.sent ?? true;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** An answer came and is not what the contract says: no JSON, a redirect, too large, a broken row. */
export class UpstreamContractError extends UpstreamError {}

/** A write was sent and nobody knows whether it happened. Never to be told as a failure. */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';
}

/** What is remembered of writes cannot be read or written at the moment; nothing was sent. */
export class IdempotencyStoreUnavailable extends Error {
  override name = 'IdempotencyStoreUnavailable';
}

/** The idempotency key belongs to a write with another input. */
export class IdempotencyKeyReused extends Error {
  override name = 'IdempotencyKeyReused';
}

/** Too many calls wait for this tenant's upstream already. */
export class QueueFull extends Error {
  override name = 'QueueFull';
}

/** The operation as a whole took longer than it may. */
export class DeadlineExceeded extends Error {
  override name = 'DeadlineExceeded';
}

/** The client closed its connection before the answer was ready. */
export class ClientLeft extends Error {
  override name = 'ClientLeft';
}
