import type { DocumentMetric } from '../../operation/document-metrics.ts';

/** Authentication failed. The message is for the log: the client does not learn the reason. */
export class Unauthenticated extends Error {
  override name = 'Unauthenticated';
  readonly code: 'UNAUTHENTICATED' | 'AUTHENTICATION_UNAVAILABLE';
  /** The credentials could not be checked, which does not count as a failure of the caller. */
  readonly isOutage: boolean;
  /** When the same request may have another result. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    { isOutage = false, retryAfterMs }: { isOutage?: boolean; retryAfterMs?: number } = {},
  ) {
    super(message);
    this.isOutage = isOutage;
    this.code = isOutage ? 'AUTHENTICATION_UNAVAILABLE' : 'UNAUTHENTICATED';
    this.retryAfterMs = retryAfterMs;
  }
}

/** The document exceeds a limit of its caller. The message names the metric, not the limit. */
export class OperationTooComplex extends Error {
  override name = 'OperationTooComplex';
  readonly code = 'OPERATION_TOO_COMPLEX';

  constructor(metric: DocumentMetric) {
    super(`The document exceeds the limit on ${metric}. Request less at once.`);
  }
}

/** Why an operation costs too much, as its client reads it. */
export const costMessages = {
  estimate: 'The operation has too many fields or nested lists to estimate its cost. Request less at once.',
  calls:
    'The operation could cause too many calls to the Management API. Request smaller pages, or fewer fields that need one call per row.',
  rows: 'The operation could return too many rows. Request smaller pages, or nest fewer lists.',
  returnedRows: 'The operation returns too many rows. Request smaller pages.',
  answer: 'The response is too large. Request smaller pages or fewer fields.',
} as const;

/** The operation costs more than one operation may. */
export class OperationTooExpensive extends Error {
  override name = 'OperationTooExpensive';
  readonly code = 'OPERATION_TOO_EXPENSIVE';

  constructor(reason: keyof typeof costMessages) {
    super(costMessages[reason]);
  }
}

/** The caller may not read the schema. */
export class IntrospectionDisabled extends Error {
  override name = 'IntrospectionDisabled';
  readonly code = 'INTROSPECTION_DISABLED';
}

/** The operation does not fit the way in which it was sent. */
export class WrongTransport extends Error {
  override name = 'WrongTransport';
  readonly code = 'WRONG_TRANSPORT';

  constructor(operation: 'subscription' | 'other') {
    super(transportMessages[operation]);
  }
}

const transportMessages = {
  subscription:
    'A subscription needs `Accept: text/event-stream` or `multipart/mixed;subscriptionSpec="1.0"`, or a WebSocket with the protocol graphql-transport-ws.',
  other: 'Only subscriptions may be sent over a WebSocket. Send queries and mutations with POST.',
} as const;

/** The client reads more slowly than there is to send. */
export class SlowConsumer extends Error {
  override name = 'SlowConsumer';
  readonly code = 'SLOW_CONSUMER';
}

/** The gateway stops, or the configuration of the caller changed. */
export class SubscriptionEnded extends Error {
  override name = 'SubscriptionEnded';
  readonly code = 'SUBSCRIPTION_ENDED';
}

/** The document is not one of the trusted documents. Apollo Client and urql compare the message. */
export class PersistedQueryNotFound extends Error {
  override name = 'PersistedQueryNotFound';
  readonly code = 'PERSISTED_QUERY_NOT_FOUND';

  constructor(reason: string) {
    super('PersistedQueryNotFound', { cause: reason });
  }
}

/** No documents are stored here. With exactly this message, Apollo Client and urql send the text instead. */
export class PersistedQueryNotSupported extends Error {
  override name = 'PersistedQueryNotSupported';
  readonly code = 'PERSISTED_QUERY_NOT_SUPPORTED';

  constructor() {
    super('PersistedQueryNotSupported');
  }
}

/** Why a client must wait, as it reads it. */
export const rateLimitMessages = {
  caller:
    'You have used your cost points for this minute. Retry after `retryAfterMs` milliseconds, or request less.',
  tenant:
    'The callers of your tenant have used its cost points for this minute. Retry after `retryAfterMs` milliseconds, or request less.',
  authentication:
    'Too many requests from your address had invalid credentials. Retry after `retryAfterMs` milliseconds with valid ones.',
  subscriptions: 'You have too many open subscriptions. Close one, or follow more with the filter of one.',
  connections: 'Too many connections from this address. Close idle connections, or retry later.',
} as const;

/** The caller or its tenant has too few points left in this minute. */
export class RateLimited extends Error {
  override name = 'RateLimited';
  readonly code = 'RATE_LIMITED';
  readonly retryAfterMs: number;

  constructor(cause: 'caller' | 'tenant', retryAfterMs: number) {
    super(rateLimitMessages[cause]);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The caller or its tenant has too many open subscriptions. */
export class TooManySubscriptions extends Error {
  override name = 'TooManySubscriptions';
  readonly code = 'RATE_LIMITED';
  /** One of them may end at any time. */
  readonly retryAfterMs = 10_000;

  constructor() {
    super(rateLimitMessages.subscriptions);
  }
}

/** The gateway has no room for this at the moment. */
export class Overloaded extends Error {
  override name = 'Overloaded';
  readonly code = 'OVERLOADED';
}

/** Every error of this file. */
export type RequestError =
  | OperationTooComplex
  | OperationTooExpensive
  | IntrospectionDisabled
  | WrongTransport
  | SlowConsumer
  | SubscriptionEnded
  | TooManySubscriptions
  | PersistedQueryNotFound
  | PersistedQueryNotSupported
  | RateLimited
  | Overloaded;
