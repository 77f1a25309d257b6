interface CodeInfo {
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** What a client reads. Never upstream text; says what to do. */
  readonly message: string;
}

/** The closed list: every error that a client meets has one of these in `extensions.code`. */
export const errorCodes = {
  BAD_REQUEST: { retryable: false, message: 'The request is not a valid GraphQL request.' },
  BATCHING_NOT_ALLOWED: {
    retryable: false,
    message: 'Send one operation per request; several fields may stand in it.',
  },
  UNAUTHENTICATED: {
    retryable: false,
    message:
      'The request does not prove who asks. Send `Authorization: Bearer` with a key of this gateway or a token of its issuer, or your own keys if it takes them.',
  },
  AUTHENTICATION_UNAVAILABLE: {
    retryable: true,
    message:
      'The token cannot be checked at the moment, because the keys of its issuer cannot be read. Try again after `retryAfterMs`.',
  },
  BAD_USER_INPUT: {
    retryable: false,
    message: 'The Management API refused the input. Check the arguments of this field.',
  },
  NOT_FOUND: {
    retryable: false,
    message: 'Not visible to the keys any more: deactivated, or not connected to them. Read the list again.',
  },
  FORBIDDEN: {
    retryable: false,
    message:
      'The keys may not do this: price packages and ordering need keys of a partner, and a sales unit must be connected to the keys.',
  },
  OPERATION_TOO_EXPENSIVE: {
    retryable: false,
    message:
      'The operation could cause more upstream calls than one operation may. Ask for smaller pages or fewer fields.',
  },
  OPERATION_TOO_COMPLEX: {
    retryable: false,
    message: 'The operation is larger than one operation may be. Ask for less at once.',
  },
  INTROSPECTION_DISABLED: {
    retryable: false,
    message:
      'This caller may not read the schema; it needs the scope introspect. `__typename` is always there.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    retryable: false,
    message: 'The document is none of the trusted ones of this gateway, or its id belongs to another.',
  },
  RATE_LIMITED: {
    retryable: true,
    message:
      'The points of this minute are spent, or too many tries failed to prove who asks. Try again after `retryAfterMs`.',
  },
  OVERLOADED: { retryable: true, message: 'The gateway has too much to do. Try again in a moment.' },
  DEADLINE_EXCEEDED: {
    retryable: true,
    message: 'The operation took longer than it may. Ask for less at once, or try again.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    retryable: false,
    message: 'The idempotency key belongs to another input. Use a new key for a new order.',
  },
  OUTCOME_UNKNOWN: {
    retryable: true,
    message:
      'The Management API did not say whether the change was made. Send the same input again with the key in `idempotencyKey`; a deletion may be repeated as it is.',
  },
  UPSTREAM_TIMEOUT: { retryable: true, message: 'The Management API did not answer in time. Try again.' },
  UPSTREAM_UNAVAILABLE: { retryable: true, message: 'The Management API is not available. Try again later.' },
  UPSTREAM_BAD_RESPONSE: {
    retryable: false,
    message:
      'The Management API answered something that cannot be read. Report it with the request id if it stays.',
  },
  UPSTREAM_RATE_LIMITED: {
    retryable: true,
    message: 'The Management API asks for patience. Try again later.',
  },
  UPSTREAM_UNAUTHENTICATED: {
    retryable: false,
    message:
      'The Management API refused the keys. Whoever they belong to must check them: who runs the gateway, or who sent keys of their own.',
  },
  INTERNAL: { retryable: false, message: 'The gateway failed. Report it with the request id.' },
} as const satisfies Record<string, CodeInfo>;

export type ErrorCode = keyof typeof errorCodes;
