/*
 * A read passes these layers, from the caller to the wire. `client.ts` assembles them.
 *
 *   management-api.ts      path of each operation; endpoints.ts has its parser and limits
 *   reads/with-cache       returns an answer that is fresh, or stale while the upstream is read or fails
 *   reads/answer-archive   knows old answers when the cache does not and the caller or a failure asks for them
 *   reads/with-single-flight   shares a call with identical reads under way
 *   reads/with-archive     notes the answer
 *   resilience/with-retry  repeats a call that failed in passing, within a budget
 *   resilience/limit       waits for its turn
 *   resilience/with-breaker    refuses the call while its endpoints are down
 *   keys/key-proof         notes whether the upstream accepts the keys
 *   send.ts                adds token and keys; once more after a 401
 *   http/http.ts           one exchange on a pooled connection
 *   http/answer.ts         typed error, or JSON → reads/read-answer.ts → models/
 *
 * A write:
 *
 *   management-api.ts      endpoint, path and body of each operation
 *   writes/writes.ts       joins the flight of the same key, or starts one
 *   writes/order-once.ts   claims the key in the idempotency store, and stores the outcome
 *   writes/send-write.ts   repeats with the same key; each attempt waits for its turn (resilience/limit)
 *   resilience/with-breaker, keys/key-proof, send.ts, http/   as for a read; then the cached reads of orders are invalidated
 */
import type { CallTracker } from './call-tracker.ts';
import type { Cancellation } from './cancellation.ts';
import type { ReadSubject } from './reads/answer-archive.ts';

/** What all calls of one Management API operation have in common. */
export interface Operation<T> {
  /** Method and path template: the name of the operation in logs and metrics. */
  readonly route: string;
  /** A longer answer is aborted while it arrives. */
  readonly maxBytes: number;
  /** Returns the value for the parsed JSON of a success. Throws `UpstreamContractError`. */
  readonly read: (json: unknown) => T | Promise<T>;
  /** Returns the value for a 404. Without it a 404 is an error. */
  readonly absent?: () => T;
  /** Returns the value for a 204, «successful, but empty». Without it a 204 is an error. */
  readonly empty?: () => T;
}

/** An operation that reads. */
export interface Endpoint<T> extends Operation<T> {
  /** How long an answer may be cached, in milliseconds. */
  readonly ttlMs: number;
}

/** One read. The path includes the query, is built from checked parts, and identifies the answer within a tenant. */
export interface UpstreamRead<T> {
  readonly endpoint: Endpoint<T>;
  readonly path: string;
  readonly merchantSerialNumber: string | undefined;
  /** What the archive keeps the answer as; it keeps no answer without one. */
  readonly subject?: ReadSubject | undefined;
  /** The method of the API that it answers, and its arguments: how another process asks for it. */
  readonly asked?: AskedRead | undefined;
}

/** A read as a caller of the Management API asks for it. */
export interface AskedRead {
  readonly method: ReadMethod;
  readonly args: readonly unknown[];
}

/** The methods of `ManagementApi` that read. */
export const readMethods = [
  'salesUnits',
  'salesUnit',
  'merchant',
  'merchantSalesUnits',
  'productOrders',
  'productOrder',
  'pricePackages',
] as const;
export type ReadMethod = (typeof readMethods)[number];

/** One write. A creation must never be sent twice without an idempotency key. */
export interface UpstreamWrite<T> {
  readonly endpoint: Operation<T>;
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly merchantSerialNumber: string | undefined;
  /** JSON. */
  readonly body?: string;
  readonly idempotencyKey?: string;
}

/** Performs a read for one operation. */
export type Fetch = <T>(read: UpstreamRead<T>, tracker: CallTracker) => Promise<T>;

/** Returns the value of a read without a call; undefined unless it is cached and fresh enough for the operation. */
export type Known = <T>(read: UpstreamRead<T>, tracker: CallTracker) => T | undefined;

/** The common shape of the cache and the single flight. */
export interface Reads {
  readonly fetch: Fetch;
  readonly known: Known;
  /** Moves when a cached answer is changed, invalidated or dropped. */
  readonly version: () => number;
  /**
   * From now on, reads of paths with this prefix get neither a cached answer nor one from a call that is already under
   * way.
   */
  readonly invalidate: (pathPrefix: string) => void;
}

/** A call of a {@link Flight}, which may outlive the operation that started it. */
export interface Call {
  /** The operation that is charged for the call and in whose lane it waits. */
  readonly tracker: CallTracker;
  readonly cancellation: Cancellation;
  /** Set while the call waits for its turn: adds it to the lane of another operation. */
  onJoin?: (tracker: CallTracker) => void;
}

/** The common shape of the layers below the single flight. */
export type Send = <T>(request: UpstreamRead<T> | UpstreamWrite<T>, call: Call) => Promise<T>;
