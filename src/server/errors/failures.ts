import type { DirectoryUnavailable } from '../../directory/directory-index.ts';
import type { BadUserInput, CursorExpired, MissingScope, NotVisible } from '../../resolvers/errors.ts';
import type {
  CircuitOpen,
  ClientLeft,
  DeadlineExceeded,
  IdempotencyKeyReused,
  IdempotencyStoreUnavailable,
  NotCached,
  OutcomeUnknown,
  QueueFull,
  UpstreamBlocked,
  UpstreamConflict,
  UpstreamContractError,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnauthorized,
  UpstreamUnavailable,
} from '../../upstream/errors.ts';
import type { ErrorCode } from './codes.ts';
import type { InvalidVariable } from './invalid-variable.ts';
import type { RequestError, Unauthenticated } from './request-errors.ts';

/** Every error with a `code` of its own. */
type KnownError =
  | RequestError
  | InvalidVariable
  | Unauthenticated
  | BadUserInput
  | CursorExpired
  | MissingScope
  | NotVisible
  | CircuitOpen
  | ClientLeft
  | DeadlineExceeded
  | DirectoryUnavailable
  | IdempotencyKeyReused
  | IdempotencyStoreUnavailable
  | NotCached
  | OutcomeUnknown
  | QueueFull
  | UpstreamBlocked
  | UpstreamConflict
  | UpstreamContractError
  | UpstreamRateLimited
  | UpstreamRejected
  | UpstreamUnauthorized
  | UpstreamUnavailable;

/** What follows from the `code` of an error class. */
export interface Failure {
  /** The code that the client receives. */
  readonly client: ErrorCode;
  /** Whether the message of the error is for the client. Otherwise the client gets the message of its code. */
  readonly ownMessage?: boolean;
  /** Properties of the error that the client receives in `extensions`. */
  readonly details?: readonly ('argument' | 'scopes' | 'retryAfterMs' | 'oldestCursor')[];
  /** The level at which the cause is logged. Not logged if absent, except for writes. */
  readonly log?: 'warn';
  /** What an operator can do, as `doctor` prints it. */
  readonly advice?: string;
}

const NOT_THE_API =
  'The response is not from the Management API. Check MANAGEMENT_API_URL (production is https://api.vipps.no).';

const argument = { client: 'BAD_USER_INPUT', ownMessage: true, details: ['argument'] } as const;

/** The table from the `code` of an error class to what clients, the log and `doctor` say. */
export const failures = {
  BAD_USER_INPUT: argument,
  INVALID_VARIABLE: argument,
  MISSING_SCOPE: { client: 'FORBIDDEN', details: ['scopes'] },
  NOT_FOUND: { client: 'NOT_FOUND' },
  UNAUTHENTICATED: { client: 'UNAUTHENTICATED' },
  AUTHENTICATION_UNAVAILABLE: { client: 'AUTHENTICATION_UNAVAILABLE', details: ['retryAfterMs'] },
  OPERATION_TOO_COMPLEX: { client: 'OPERATION_TOO_COMPLEX', ownMessage: true },
  OPERATION_TOO_EXPENSIVE: { client: 'OPERATION_TOO_EXPENSIVE', ownMessage: true },
  INTROSPECTION_DISABLED: { client: 'INTROSPECTION_DISABLED' },
  WRONG_TRANSPORT: { client: 'BAD_REQUEST', ownMessage: true },
  SLOW_CONSUMER: { client: 'SLOW_CONSUMER' },
  SUBSCRIPTION_ENDED: { client: 'SUBSCRIPTION_ENDED' },
  PERSISTED_QUERY_NOT_FOUND: { client: 'PERSISTED_QUERY_NOT_FOUND', ownMessage: true },
  PERSISTED_QUERY_NOT_SUPPORTED: { client: 'PERSISTED_QUERY_NOT_SUPPORTED', ownMessage: true },
  RATE_LIMITED: { client: 'RATE_LIMITED', ownMessage: true, details: ['retryAfterMs'] },
  OVERLOADED: { client: 'OVERLOADED' },
  QUEUE_FULL: { client: 'OVERLOADED' },
  IDEMPOTENCY_STORE_UNAVAILABLE: { client: 'OVERLOADED' },
  IDEMPOTENCY_KEY_REUSED: { client: 'IDEMPOTENCY_KEY_REUSED' },
  OUTCOME_UNKNOWN: { client: 'OUTCOME_UNKNOWN' },
  DEADLINE_EXCEEDED: { client: 'DEADLINE_EXCEEDED' },
  // A client that left receives no answer, and a shared call never fails for this reason.
  CLIENT_LEFT: { client: 'DEADLINE_EXCEEDED' },
  // Logged once, when the breaker opens.
  CIRCUIT_OPEN: { client: 'CIRCUIT_OPEN', details: ['retryAfterMs'] },
  NOT_CACHED: { client: 'NOT_CACHED' },
  DIRECTORY_UNAVAILABLE: { client: 'DIRECTORY_UNAVAILABLE' },
  CURSOR_EXPIRED: { client: 'CURSOR_EXPIRED', details: ['oldestCursor'] },
  UPSTREAM_REJECTED: {
    client: 'BAD_USER_INPUT',
    log: 'warn',
    advice:
      'The Management API rejected the request. Check VIPPS_MERCHANT_SERIAL_NUMBER and the VIPPS_SYSTEM_ variables.',
  },
  UPSTREAM_CONFLICT: { client: 'UPSTREAM_BAD_RESPONSE', log: 'warn', advice: NOT_THE_API },
  UPSTREAM_BAD_RESPONSE: {
    client: 'UPSTREAM_BAD_RESPONSE',
    log: 'warn',
    advice: NOT_THE_API,
  },
  UPSTREAM_UNAUTHENTICATED: {
    client: 'UPSTREAM_UNAUTHENTICATED',
    log: 'warn',
    advice: 'The access token was rejected. Check VIPPS_SUBSCRIPTION_KEY and VIPPS_TOKEN_FLOW.',
  },
  UPSTREAM_FORBIDDEN: {
    client: 'FORBIDDEN',
    log: 'warn',
    advice:
      'The keys are valid but do not have access, or the call must carry Merchant-Serial-Number. With partner keys, set VIPPS_MERCHANT_SERIAL_NUMBER to a sales unit that is connected to you, and VIPPS_MERCHANT_SERIAL_NUMBER_USE to always.',
  },
  UPSTREAM_BLOCKED: {
    client: 'UPSTREAM_BLOCKED',
    log: 'warn',
    advice:
      'A firewall or proxy refused the request with a web page, not the Management API: the keys and their rights were not checked. Ask who runs it to allow the addresses of this gateway, and check MANAGEMENT_API_URL.',
  },
  UPSTREAM_RATE_LIMITED: {
    client: 'UPSTREAM_RATE_LIMITED',
    details: ['retryAfterMs'],
    log: 'warn',
    advice:
      'The Management API is rate limiting this gateway. Wait, then try again. If it persists, lower UPSTREAM_CONCURRENCY.',
  },
  UPSTREAM_TIMEOUT: {
    client: 'UPSTREAM_TIMEOUT',
    log: 'warn',
    advice: 'There was no response in time. Raise UPSTREAM_TIMEOUT_MS, or check the network.',
  },
  UPSTREAM_UNREACHABLE: {
    client: 'UPSTREAM_UNAVAILABLE',
    log: 'warn',
    advice: 'The connection failed. Check MANAGEMENT_API_URL, DNS, proxy and firewall.',
  },
  UPSTREAM_UNAVAILABLE: {
    client: 'UPSTREAM_UNAVAILABLE',
    log: 'warn',
    advice:
      'The Management API has a problem of its own: try again later. Its maintenance window is Monday 01:00 to 05:00 CET.',
  },
} as const satisfies Record<KnownError['code'], Failure>;

/** Returns what follows from an error; undefined for an error without a known code. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return Object.hasOwn(failures, error.code) ? failures[error.code as keyof typeof failures] : undefined;
}
