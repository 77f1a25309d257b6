import type { LimitsConfig } from '../config/config.ts';
import type { RequestContext } from '../resolvers/context.ts';
import { createLoaders } from '../resolvers/loaders/loaders.ts';
import { CallTracker } from '../upstream/call-tracker.ts';
import { ClientLeft, DeadlineExceeded } from '../upstream/errors.ts';
import type { Caller } from './auth/caller.ts';
import { readCacheControl } from './http/cache-control.ts';
import { OperationWork } from './limits/operation-work.ts';
import type { TakesTurns } from './limits/turns.ts';
import { stateOf } from './request-state.ts';

/** The context of one operation: what resolvers need, and what the plugins of the server need. */
export interface OperationContext extends RequestContext {
  readonly scope: CallTracker;
  readonly caller: Caller;
  readonly work: OperationWork;
  /** Errors that no field threw. */
  readonly addedErrors: readonly Error[];
  /** Errors that are only logged. */
  readonly logOnlyErrors: readonly Error[];
  /** Stops the deadline. Must be called when the operation has its result. */
  readonly end: () => void;
  /**
   * Lets go of everything that the operation has used, when nothing needs the context any more. The plugins of the schema
   * keep contexts in WeakMaps, whose entries stay in memory until the next full garbage collection.
   */
  readonly forget: () => void;
}

export interface ContextOptions extends Pick<LimitsConfig, 'requestDeadlineMs' | 'maxPageSize' | 'maxRows'> {
  /** Shared by all operations of the process. */
  readonly turns: TakesTurns;
}

/** What an operation is executed for: a request, or an event of a subscription. */
export interface Occasion {
  /** The request id. */
  readonly id: string;
  /** The deadline counts from here. In the time of `performance.now()`. */
  readonly startedAt: number;
  /** The `Cache-Control` of the request. */
  readonly cacheControl: string | null;
  readonly resumeAfter?: string | undefined;
  /** Aborts when nobody waits for the result any more. */
  readonly signal?: AbortSignal | undefined;
}

/** Returns the request as what an operation is executed for. */
export function occasionOf(request: Request): Occasion {
  const { id, startedAt } = stateOf(request);
  const { headers, signal } = request;
  const resumeAfter = headers.get('last-event-id') || undefined;
  return { id, startedAt, cacheControl: headers.get('cache-control'), resumeAfter, signal };
}

/** Creates the context of one operation. It is cancelled when the deadline passes or the client leaves. */
export function createContext(
  { requestDeadlineMs, maxPageSize, maxRows, turns }: ContextOptions,
  caller: Caller,
  { id, startedAt, cacheControl, resumeAfter, signal: client }: Occasion,
): OperationContext {
  const deadline = startedAt + requestDeadlineMs;
  const scope = new CallTracker(id, { deadline, freshness: readCacheControl(cacheControl) });
  const timer = setTimeout(
    () => scope.cancel(new DeadlineExceeded(`more than ${requestDeadlineMs} ms`)),
    deadline - performance.now(),
  );
  const leave = () => scope.cancel(new ClientLeft('the client closed the connection'));
  if (client?.aborted) leave();
  else client?.addEventListener('abort', leave, { once: true });
  const api = caller.client.api(scope);
  const addedErrors: Error[] = [];
  const logOnlyErrors: Error[] = [];
  const context: OperationContext = {
    api,
    loaders: createLoaders(api, caller.directory),
    directory: caller.directory,
    resumeAfter,
    fromDirectory: ({ value, readAt }) => {
      const age = Math.max(0, Date.now() - readAt);
      const { maxAgeMs = Number.POSITIVE_INFINITY, maxStaleMs = 0 } = scope.freshness ?? {};
      if (!caller.directory?.answersReads || age > maxAgeMs + maxStaleMs) return undefined;
      scope.cached++;
      scope.uses(performance.now() - age);
      return value;
    },
    usesLive: () => scope.usesLive(),
    viewer: { tenant: caller.tenantId, scopes: [...caller.scopes] },
    callsOfLast: caller.client.callsOfLast,
    limits: { maxPageSize },
    work: new OperationWork(maxRows, turns, scope),
    addError: (error) => addedErrors.push(error),
    addedErrors,
    logError: (error) => logOnlyErrors.push(error),
    logOnlyErrors,
    scope,
    caller,
    end: () => {
      clearTimeout(timer);
      client?.removeEventListener('abort', leave);
    },
    forget: () => {
      const members = context as unknown as Record<PropertyKey, undefined>;
      for (const key of Reflect.ownKeys(context)) members[key] = undefined;
    },
  };
  return context;
}
