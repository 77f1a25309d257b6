import type { RequestContext } from '../resolvers/context.ts';
import { createLoaders } from '../resolvers/loaders/loaders.ts';
import { CallTracker } from '../upstream/call-tracker.ts';
import { ClientLeft, DeadlineExceeded } from '../upstream/errors.ts';
import type { Caller } from './auth/caller.ts';
import { OperationWork } from './limits/operation-work.ts';
import type { TakesTurns } from './limits/turns.ts';

/** The context of one operation, with what the server needs of it besides. */
export interface OperationContext extends RequestContext {
  readonly scope: CallTracker;
  readonly caller: Caller;
  readonly work: OperationWork;
  /** Errors that no field threw. */
  readonly addedErrors: readonly Error[];
  /** Errors that are for the log alone. */
  readonly logOnlyErrors: readonly Error[];
  /** Stops the clock of the operation. Must be called when its result stands. */
  readonly end: () => void;
}

export interface ContextOptions {
  readonly deadlineMs: number;
  readonly maxPageSize: number;
  readonly maxRows: number;
  /** Shared by all operations of the process. */
  readonly turns: TakesTurns;
}

/** One context per operation; it is cancelled when the deadline passes or the client leaves, whichever comes first. */
export function createContext(
  { deadlineMs, maxPageSize, maxRows, turns }: ContextOptions,
  caller: Caller,
  requestId: string,
  client: AbortSignal,
): OperationContext {
  const scope = new CallTracker(requestId);
  const timer = setTimeout(
    () => scope.cancel(new DeadlineExceeded(`more than ${deadlineMs} ms`)),
    deadlineMs,
  );
  const leave = () => scope.cancel(new ClientLeft('the client closed the connection'));
  if (client.aborted) leave();
  else client.addEventListener('abort', leave, { once: true });
  const api = caller.client.api(scope);
  const addedErrors: Error[] = [];
  const logOnlyErrors: Error[] = [];
  return {
    api,
    loaders: createLoaders(api),
    viewer: { tenant: caller.tenantId, scopes: [...caller.scopes] },
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
