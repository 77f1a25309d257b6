import type { Problem } from './http/problem.ts';

interface Details {
  /** Method and path template of the call, without any value. */
  readonly route: string;
  readonly status?: number | undefined;
  readonly problem?: Problem | undefined;
  readonly cause?: unknown;
}

/** A failed call to the Management API. The message is for the log, not for clients. */
export abstract class UpstreamError extends Error {
  abstract readonly code: string;
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

/** The upstream refused the input: a 400 or 422 of the API itself. */
export class UpstreamRejected extends UpstreamError {
  override readonly code = 'UPSTREAM_REJECTED';
}

/** The request conflicts with the state of the upstream: a 409. */
export class UpstreamConflict extends UpstreamError {
  override readonly code = 'UPSTREAM_CONFLICT';
}

/** The upstream refused the caller: 401 for invalid keys or an invalid token, 403 for missing permission. */
export class UpstreamUnauthorized extends UpstreamError {
  override readonly code = this.status === 403 ? 'UPSTREAM_FORBIDDEN' : 'UPSTREAM_UNAUTHENTICATED';
  /** Whether the call carried `Merchant-Serial-Number`. */
  readonly namesUnit: boolean;

  constructor(message: string, details: Details & { readonly namesUnit?: boolean | undefined }) {
    super(message, details);
    this.namesUnit = details.namesUnit ?? false;
  }
}

/** Something in front of the upstream refused the request with a page: a 403 that says nothing about keys or rights. */
export class UpstreamBlocked extends UpstreamError {
  override readonly code = 'UPSTREAM_BLOCKED';
}

/** The upstream is rate limiting this gateway: a 429. */
export class UpstreamRateLimited extends UpstreamError {
  override readonly code = 'UPSTREAM_RATE_LIMITED';
  /** The value of Retry-After in milliseconds; undefined if it is absent or cannot be read. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: Details & { retryAfterMs: number | undefined }) {
    super(message, details);
    this.retryAfterMs = details.retryAfterMs;
  }
}

const unavailableCodes = {
  timeout: 'UPSTREAM_TIMEOUT',
  network: 'UPSTREAM_UNREACHABLE',
  status: 'UPSTREAM_UNAVAILABLE',
} as const;

/** No usable answer: a time-out, a broken connection or a 5xx. */
export class UpstreamUnavailable extends UpstreamError {
  override readonly code: (typeof unavailableCodes)[keyof typeof unavailableCodes];
  readonly reason: 'timeout' | 'network' | 'status';
  /** False when no byte of the request went out, so that the upstream cannot have acted on it. */
  readonly sent: boolean;
  /** The value of Retry-After in milliseconds; undefined if it is absent or cannot be read. */
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
    this.code = unavailableCodes[details.reason];
    this.reason = details.reason;
    this.sent = details.sent ?? true;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** An answer that violates the contract: not JSON, a redirect, too large, or an invalid row. */
export class UpstreamContractError extends UpstreamError {
  override readonly code = 'UPSTREAM_BAD_RESPONSE';
}

/** A write was sent and the API never confirmed the result. It must not be reported as a failure. */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';
  readonly code = 'OUTCOME_UNKNOWN';
}

/** The idempotency store can be neither read nor written at the moment. Nothing was sent. */
export class IdempotencyStoreUnavailable extends Error {
  override name = 'IdempotencyStoreUnavailable';
  readonly code = 'IDEMPOTENCY_STORE_UNAVAILABLE';
}

/** The idempotency key belongs to a write with another input. */
export class IdempotencyKeyReused extends Error {
  override name = 'IdempotencyKeyReused';
  readonly code = 'IDEMPOTENCY_KEY_REUSED';
}

/** Too many upstream calls of this tenant are waiting already. */
export class QueueFull extends Error {
  override name = 'QueueFull';
  readonly code = 'QUEUE_FULL';
}

/** The endpoints are down: the circuit breaker is open and nothing was sent. */
export class CircuitOpen extends Error {
  override name = 'CircuitOpen';
  readonly code = 'CIRCUIT_OPEN';
  /** When the next call may be tried, in milliseconds from now. */
  readonly retryAfterMs: number;

  constructor(route: string, retryAfterMs: number) {
    super(`${route}: not sent, because most calls have failed lately`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The caller allowed no upstream call, and no answer is cached. */
export class NotCached extends Error {
  override name = 'NotCached';
  readonly code = 'NOT_CACHED';
}

/** The operation took longer than the request deadline. */
export class DeadlineExceeded extends Error {
  override name = 'DeadlineExceeded';
  readonly code = 'DEADLINE_EXCEEDED';
}

/** The client closed its connection before the answer was ready. */
export class ClientLeft extends Error {
  override name = 'ClientLeft';
  readonly code = 'CLIENT_LEFT';
}
