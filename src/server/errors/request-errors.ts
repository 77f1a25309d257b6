import type { DocumentMetric } from '../../operation/document-metrics.ts';

/** The document is larger than its caller's may be. Names the kind of limit, and not the limit. */
export class OperationTooComplex extends Error {
  override name = 'OperationTooComplex';

  constructor(metric: DocumentMetric) {
    super(`The document exceeds the limit on ${metric}. Ask for less at once.`);
  }
}

/** An operation refused before its first upstream call. */
export class OperationTooExpensive extends Error {
  override name = 'OperationTooExpensive';
}

/** The caller may not read the schema. */
export class IntrospectionDisabled extends Error {
  override name = 'IntrospectionDisabled';
}

/** The schema has no subscriptions, and no transport would carry one. */
export class SubscriptionNotOffered extends Error {
  override name = 'SubscriptionNotOffered';
}

/** The document is none of those that this gateway takes. */
export class PersistedQueryNotFound extends Error {
  override name = 'PersistedQueryNotFound';
}

/** The caller, or its tenant, has spent its points of this minute. */
export class RateLimited extends Error {
  override name = 'RateLimited';
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('the points of this minute are spent');
    this.retryAfterMs = retryAfterMs;
  }
}

/** The gateway has no room for this at the moment. */
export class Overloaded extends Error {
  override name = 'Overloaded';
}
