import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { OperationDefinitionNode } from 'graphql';
import type { OpenSpan } from '../telemetry/tracing.ts';
import type { Caller } from './auth/caller.ts';
import { Unauthenticated } from './errors/request-errors.ts';

/** What an operation costs. */
export interface Cost {
  /** The most upstream calls that it could cause with an empty cache. */
  readonly calls: number;
  /** The most rows that it could read or return. */
  readonly rows: number;
  /** Points for both, reserved before the first call. */
  readonly points: number;
  /** Points for the actual work, charged instead of `points`. Absent while the operation runs. */
  readonly charged?: number;
  /** Points that the caller has left in this minute. Absent without a rate limit. */
  readonly remaining?: number;
}

/** What the log says about the upstream calls of an operation. */
export interface UpstreamFacts {
  readonly upstreamCalls: number;
  readonly upstreamCached: number;
  readonly upstreamMs: number;
}

/** Everything that the stages of one request remember for each other, in the order in which they set it. */
export interface RequestState {
  /** The caller's `X-Request-Id` if it is valid, otherwise a new one. */
  readonly id: string;
  /** When it arrived, in the time of `performance.now()`. Its deadline counts from here. */
  startedAt: number;
  /** The address of the client; set by the operation log. */
  address?: string | undefined;
  /** Set by authentication. */
  caller?: Caller;
  /** The first point was taken. Set by the rate limit. */
  isCharged?: boolean;
  /** The bytes of the body, if the hot path has read them. */
  body?: Buffer;
  /** Whether the credentials of the caller are known to be valid. Set by authentication. */
  isVerified?: boolean;
  /** Set by the cost limit. */
  cost?: Cost;
  /** Releases the rows of the operation. Set by the cost limit, called when the response is ready. */
  releaseRows?: (() => void) | undefined;
  /** How long the result is as JSON, or `Infinity` if it is too long. Set by the cost limit after execution. */
  answerLength?: number;
  /** Set by tracing, while an SDK records. */
  span?: OpenSpan;
  /** Set by the operation log when the operation begins. */
  operation?: OperationDefinitionNode;
  /** Set by the metrics when the operation begins. */
  work?: { readonly rows: number };
  /** The document came by the id of a trusted one. Set by the trusted documents. */
  isTrusted?: boolean;
  /** Cut to a length. Set by the operation log. */
  operationName?: string | undefined;
  /** The code of the first error, and how many there are. Set with the response. */
  code?: string;
  errors?: number;
  /** Until when the answer may be kept, in the time of `performance.now()`. Set for routers. */
  freshUntil?: number;
  /** Set by the operation log when the operation has ended. */
  upstream?: UpstreamFacts;
}

const VALID_ID = /^[A-Za-z0-9._-]{1,64}$/;
const states = new WeakMap<Request, RequestState>();

/** What the hot path has done for requests that it passed on. */
const begun = new WeakMap<IncomingMessage, RequestState>();

/** Returns the state of a request that begins. `id` is what its client wants to call it. */
export const newState = (id: string | null | undefined): RequestState => ({
  id: id != null && VALID_ID.test(id) ? id : randomUUID(),
  startedAt: performance.now(),
});

/** Returns the state of a request. The first call creates it. */
export function stateOf(request: Request): RequestState {
  let state = states.get(request);
  if (!state) {
    state = newState(request.headers.get('x-request-id'));
    states.set(request, state);
  }
  return state;
}

/** Notes what was done for a request, so that it is not done again. */
export function keepState(message: IncomingMessage, state: RequestState): void {
  begun.set(message, state);
}

/** Goes on with the state that was kept for a request, if there is one. */
export function resumeState(request: Request, message: IncomingMessage | undefined): void {
  const state = message && begun.get(message);
  if (state) states.set(request, state);
}

/** Returns the caller. Throws {@link Unauthenticated} if the request was not authenticated. */
export function requireCaller(request: Request): Caller {
  const { caller } = stateOf(request);
  if (!caller) throw new Unauthenticated('the request was not authenticated');
  return caller;
}

/** Returns the caller of an operation that is about to run. Throws if its key was revoked while the body arrived. */
export function requireValidCaller(request: Request): Caller {
  const caller = requireCaller(request);
  if (caller.isStillValid?.() === false) throw new Unauthenticated('revoked while the body was sent');
  return caller;
}

/** Releases the rows of the request, if it has any. */
export function releaseRows(request: Request): void {
  const state = stateOf(request);
  state.releaseRows?.();
  state.releaseRows = undefined;
}
