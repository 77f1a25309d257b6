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
}

export interface ContextOptions extends Pick<LimitsConfig, 'requestDeadlineMs' | 'maxPageSize' | 'maxRows'> {
  /** Shared by all operations of the process. */
  readonly turns: TakesTurns;
}

/** Creates the context of one operation. It is cancelled when the deadline passes or the client leaves. */
export function createContext(
  { requestDeadlineMs, maxPageSize, maxRows, turns }: ContextOptions,
  caller: Caller,
  request: Request,
): OperationContext {
  const { signal: client } = request;
  const { id, startedAt } = stateOf(request);
  const deadline = startedAt + requestDeadlineMs;
  const scope = new CallTracker(id, {
    deadline,
    freshness: readCacheControl(request.headers.get('cache-control')),
  });
  const timer = setTimeout(
    () => scope.cancel(new DeadlineExceeded(`more than ${requestDeadlineMs} ms`)),
    deadline - performance.now(),
  );
  const leave = () => scope.cancel(new ClientLeft('the client closed the connection'));
  if (client.aborted) leave();
  else client.addEventListener('abort', leave, { once: true });
  const api = caller.client.api(scope);
  const addedErrors: Error[] = [];
  const logOnlyErrors: Error[] = [];
  return {
    api,
    loaders: createLoaders(api, caller.directory),
    directory: caller.directory,
    fromDirectory: ({ value, readAt }) => {
      const age = Math.max(0, Date.now() - readAt);
      const { maxAgeMs = Number.POSITIVE_INFINITY, maxStaleMs = 0 } = scope.freshness ?? {};
      if (!caller.directory?.answersReads || age > maxAgeMs + maxStaleMs) return undefined;
      scope.cached++;
      scope.uses(performance.now() - age);
      return value;
    },
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
      client.removeEventListener('abort', leave);
    },
  };
}
