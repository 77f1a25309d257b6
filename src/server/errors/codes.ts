/** What a client learns from an error code, and what the documentation says about it. */
export interface CodeInfo {
  /**
   * When the error ends a request. `request`: before GraphQL, with `status`. `document`: before execution, with `status`
   * for clients that accept `application/graphql-response+json`, otherwise with 200. `execution`: at a field, with 200.
   */
  readonly stage: 'request' | 'document' | 'execution';
  readonly status: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** What happened. Never contains text of the upstream. */
  readonly what: string;
  /** What the client can do. */
  readonly action: string;
}

const request = (status: number) => ({ stage: 'request', status }) as const;
const document = { stage: 'document', status: 400 } as const;
const execution = { stage: 'execution', status: 200 } as const;

/** The closed list: every error that a client receives has one of these in `extensions.code`. */
export const errorCodes = {
  BAD_REQUEST: {
    ...request(400),
    retryable: false,
    what: 'The request is not a valid GraphQL request.',
    action: 'Read the message: it names the mistake.',
  },
  BATCHING_NOT_ALLOWED: {
    ...request(400),
    retryable: false,
    what: 'Batched requests are not supported.',
    action: 'Send one operation per request. It may select several root fields.',
  },
  UNAUTHENTICATED: {
    ...request(401),
    retryable: false,
    what: 'Authentication is required.',
    action:
      'Send a valid gateway key or access token in the `Authorization: Bearer` header, or your own Vipps MobilePay keys if this gateway accepts them.',
  },
  AUTHENTICATION_UNAVAILABLE: {
    ...request(503),
    retryable: true,
    what: 'The access token cannot be verified because the keys of its issuer are unavailable.',
    action: 'Retry after `retryAfterMs` milliseconds.',
  },
  BAD_USER_INPUT: {
    ...document,
    retryable: false,
    what: 'The Management API rejected the input.',
    action: 'Check the arguments of this field.',
  },
  NOT_FOUND: {
    ...execution,
    retryable: false,
    what: 'The object is no longer visible to these keys.',
    action: 'Reload the list that it came from.',
  },
  FORBIDDEN: {
    ...execution,
    retryable: false,
    what: 'These keys do not have access.',
    action:
      'Use partner keys for price packages and product orders, and keys that are connected to the sales unit.',
  },
  OPERATION_TOO_EXPENSIVE: {
    ...document,
    retryable: false,
    what: 'The operation exceeds a cost limit.',
    action: 'Request smaller pages or fewer fields.',
  },
  OPERATION_TOO_COMPLEX: {
    ...document,
    retryable: false,
    what: 'The document exceeds a size limit.',
    action: 'Request less at once.',
  },
  INTROSPECTION_DISABLED: {
    ...document,
    retryable: false,
    what: 'Introspection requires the scope `introspect`.',
    action: 'Use a copy of the schema. `__typename` is always available.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    ...document,
    retryable: false,
    what: 'Unknown trusted document.',
    action: 'Send the id or the exact text of a document that this gateway trusts.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    ...document,
    retryable: false,
    what: 'This gateway stores no documents.',
    action: 'Send the text of the document. Apollo Client and urql do so by themselves.',
  },
  RATE_LIMITED: {
    ...request(429),
    retryable: true,
    what: 'Rate limit exceeded.',
    action: 'Retry after `retryAfterMs` milliseconds.',
  },
  OVERLOADED: {
    ...execution,
    retryable: true,
    what: 'The gateway is overloaded.',
    action: 'Retry in a few seconds.',
  },
  DEADLINE_EXCEEDED: {
    ...execution,
    retryable: true,
    what: 'The operation took too long.',
    action: 'Request less at once, or retry.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    ...execution,
    retryable: false,
    what: 'This idempotency key was already used with different input.',
    action: 'Use a new key for a new order.',
  },
  OUTCOME_UNKNOWN: {
    ...execution,
    retryable: true,
    what: 'The Management API did not confirm whether the change was made.',
    action: 'Send the same input again with the same `idempotencyKey`. A deletion can be repeated as it is.',
  },
  UPSTREAM_TIMEOUT: {
    ...execution,
    retryable: true,
    what: 'The Management API did not respond in time.',
    action: 'Retry.',
  },
  UPSTREAM_UNAVAILABLE: {
    ...execution,
    retryable: true,
    what: 'The Management API is unavailable.',
    action: 'Retry later.',
  },
  CIRCUIT_OPEN: {
    ...execution,
    retryable: true,
    what: 'The Management API has been failing, so the gateway is not calling it at the moment.',
    action: 'Retry after `retryAfterMs` milliseconds.',
  },
  NOT_CACHED: {
    ...execution,
    retryable: false,
    what: 'No cached answer satisfies `Cache-Control: only-if-cached`.',
    action: 'Send the request without `only-if-cached`.',
  },
  DIRECTORY_UNAVAILABLE: {
    ...execution,
    retryable: false,
    what: 'This gateway has no directory for these keys, or cannot read it at the moment.',
    action:
      'Leave out what only the directory can answer: `merchants`, `directory`, `facets`, `query`, orders other than MSN and NAME, and filters other than `msn` and `name`.',
  },
  CURSOR_EXPIRED: {
    ...execution,
    retryable: false,
    what: 'The changes after this cursor are no longer kept.',
    action: 'Read everything again, then continue from `oldestCursor`.',
  },
  SLOW_CONSUMER: {
    ...execution,
    retryable: true,
    what: 'The subscription ended, because its events were read too slowly.',
    action: 'Subscribe again after `cursor`, with a narrower filter or fewer fields.',
  },
  SUBSCRIPTION_ENDED: {
    ...execution,
    retryable: true,
    what: 'The gateway ended the subscription, because it is stopping or its configuration changed.',
    action: 'Subscribe again after `cursor`.',
  },
  UPSTREAM_BAD_RESPONSE: {
    ...execution,
    retryable: false,
    what: 'The Management API sent an invalid response.',
    action: 'If this persists, report it with the `requestId`.',
  },
  UPSTREAM_RATE_LIMITED: {
    ...execution,
    retryable: true,
    what: 'The Management API is rate limiting this gateway.',
    action: 'Retry after `retryAfterMs` milliseconds, or later if it is absent.',
  },
  UPSTREAM_BLOCKED: {
    ...execution,
    retryable: false,
    what: 'A firewall in front of the Management API refused the request.',
    action: 'Nothing was changed. Report it to the operator of this gateway with the `requestId`.',
  },
  UPSTREAM_UNAUTHENTICATED: {
    ...execution,
    retryable: false,
    what: 'The Management API rejected the keys.',
    action: 'Check your own keys if you sent them. Otherwise, contact the operator of this gateway.',
  },
  INTERNAL: {
    ...execution,
    retryable: false,
    what: 'An internal error occurred.',
    action: 'Report it with the `requestId`.',
  },
} as const satisfies Record<string, CodeInfo>;

export type ErrorCode = keyof typeof errorCodes;

/** Returns the message of a code, for errors that have no more specific one. */
export const messageOf = (code: ErrorCode): string => `${errorCodes[code].what} ${errorCodes[code].action}`;
