import type { Cancellation } from './cancellation.ts';
import type { RequestScope } from './request-scope.ts';

/** What is the same for every call of one Management API operation. */
export interface Endpoint<T> {
  /** Method and path template: the low-cardinality name of the operation in logs and counters. */
  readonly route: string;
  /** A longer answer is refused while it arrives. */
  readonly maxBytes: number;
  /** How long an answer may be repeated from the cache, in milliseconds. */
  readonly ttlMs: number;
  /** The parsed JSON of a 200 → the value. Throws {@link UpstreamContractError}. */
  readonly read: (json: unknown) => T;
  /** What a 404 means where the path names one thing; without it a 404 is an error. */
  readonly absent?: () => T;
}

/** One read. The path is complete, query included, and made of checked parts; within a tenant it is the identity. */
export interface UpstreamRead<T> {
  readonly endpoint: Endpoint<T>;
  readonly path: string;
  readonly merchantSerialNumber: string | undefined;
}

/** The one shape that the cache, the single flight and the whole client have. */
export type Fetch = <T>(read: UpstreamRead<T>, scope: RequestScope) => Promise<T>;

/** A call on its own feet: it lives until its last waiter has left, whoever started it. */
export interface Call {
  /** Who is charged for the call and takes its turn in the queue. */
  readonly scope: RequestScope;
  readonly cancellation: Cancellation;
  /** Set while the call waits for its turn: lets it wait in the lane of one more operation as well. */
  onJoin?: (scope: RequestScope) => void;
}

/** The shape below the single flight. */
export type Send = <T>(read: UpstreamRead<T>, call: Call) => Promise<T>;
