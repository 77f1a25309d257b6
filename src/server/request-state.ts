import { randomUUID } from 'node:crypto';
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

/** Returns the state of a request. The first call creates it. */
export function stateOf(request: Request): RequestState {
  let state = states.get(request);
  if (!state) {
    const given = request.headers.get('x-request-id');
    state = {
      id: given !== null && VALID_ID.test(given) ? given : randomUUID(),
      startedAt: performance.now(),
    };
    states.set(request, state);
  }
  return state;
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
