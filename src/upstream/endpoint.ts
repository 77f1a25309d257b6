import type { CallTracker } from './call-tracker.ts';
import type { Cancellation } from './cancellation.ts';

/** What is the same for every call of one Management API operation. */
export interface Operation<T> {
  /** Method and path template: the low-cardinality name of the operation in logs and counters. */
  readonly route: string;
  /** A longer answer is refused while it arrives. */
  readonly maxBytes: number;
  /** The parsed JSON of a success → the value. Throws {@link UpstreamContractError}. */
  readonly read: (json: unknown) => T | Promise<T>;
  /** What a 404 means where the path names one thing; without it a 404 is an error. */
  readonly absent?: () => T;
}

/** An operation that reads. */
export interface Endpoint<T> extends Operation<T> {
  /** How long an answer may be repeated from the cache, in milliseconds. */
  readonly ttlMs: number;
}

/** One read. The path is complete, query included, and made of checked parts; within a tenant it is the identity. */
export interface UpstreamRead<T> {
  readonly endpoint: Endpoint<T>;
  readonly path: string;
  readonly merchantSerialNumber: string | undefined;
}

/** One write. It must never be sent twice without the key that makes the second time harmless. */
export interface UpstreamWrite<T> {
  readonly endpoint: Operation<T>;
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly merchantSerialNumber: string | undefined;
  /** JSON. */
  readonly body?: string;
  readonly idempotencyKey?: string;
}

/** How the client asks for a read. */
export type Fetch = <T>(read: UpstreamRead<T>, tracker: CallTracker) => Promise<T>;

/** The one shape that the cache and the single flight have. */
export interface Reads {
  readonly fetch: Fetch;
  /**
   * Whoever asks for a path that begins like this from now on gets an answer that was asked for after now: nothing
   * kept, and nothing under way.
   */
  readonly invalidate: (pathPrefix: string) => void;
}

/** A call on its own feet: it lives until its last waiter has left, whoever started it. */
export interface Call {
  /** Who is charged for the call and takes its turn in the queue. */
  readonly tracker: CallTracker;
  readonly cancellation: Cancellation;
  /** Set while the call waits for its turn: lets it wait in the lane of one more operation as well. */
  onJoin?: (tracker: CallTracker) => void;
}

/** The shape below the single flight. */
export type Send = <T>(request: UpstreamRead<T> | UpstreamWrite<T>, call: Call) => Promise<T>;
