import { randomUUID } from 'node:crypto';
import { type ExecutionArgs, execute, type GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { StreamedChange } from '../../directory/changes/stream.ts';
import { changeCursor } from '../../resolvers/changes/change-cursor.ts';
import { isPromise } from '../../resolvers/maybe-promise.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Caller } from '../auth/caller.ts';
import { type ContextOptions, createContext } from '../context.ts';
import { toClientError } from '../errors/client-error.ts';
import { logCause } from '../errors/log-error.ts';
import { OperationTooExpensive } from '../errors/request-errors.ts';
import { stringifyResult } from '../errors/stringify-result.ts';
import { shapeErrors } from '../errors/use-client-errors.ts';
import { resultLength } from '../http/answer-length.ts';
import { eventVariables } from './event-variables.ts';
import type { SentEvent } from './sent-event.ts';

export interface EventResultsOptions extends ContextOptions {
  readonly maxAnswerBytes: number;
  readonly log: Log;
  readonly terse: boolean;
}

/** A subscription as it was asked for. */
export interface EventOperation
  extends Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'> {
  readonly caller: Caller;
  /** The `Cache-Control` of the request. */
  readonly cacheControl: string | null;
}

/** A subscription that takes part in what others with the same operation make. */
export interface Participant {
  /** Returns the result of an event. */
  readonly resultOf: (event: StreamedChange) => SentEvent | Promise<SentEvent>;
  readonly leave: () => void;
}

/** Results of one operation, by the number of the event. */
interface Group {
  members: number;
  readonly made: Map<number, Made>;
}
interface Made {
  readonly group: Group;
  readonly key: number;
  readonly epoch: string;
  /** In the time of `performance.now()`. */
  readonly at: number;
  readonly result: SentEvent | Promise<SentEvent>;
}

/** Bytes of results that are kept for others who want the same. */
const MOST_KEPT = 8 * 1024 * 1024;
/** Those who follow live want the same at once. Later, the objects of a change may be different. */
const SHARED_MS = 1_000;
/** Of a result that is not there yet. */
const UNKNOWN_SIZE = 4 * 1024;

/**
 * Executes the documents of subscriptions for their events, each like a query of its own: with a deadline, and with what
 * the API says now. A result is made once for all subscriptions of a tenant that ask the same with the same scopes.
 */
export class EventResults {
  readonly #options: EventResultsOptions;
  readonly #groups = new Map<string, Group>();
  /** All results, oldest first. */
  readonly #made = new LRUCache<Made, true>({
    maxSize: MOST_KEPT,
    sizeCalculation: (_true, { result }) => (isPromise(result) ? UNKNOWN_SIZE : 3 * result.json.length + 500),
    dispose: (_true, made) => {
      if (made.group.made.get(made.key) === made) made.group.made.delete(made.key);
    },
  });
  readonly #ids = new WeakMap<object, number>();
  #lastId = 0;

  constructor(options: EventResultsOptions) {
    this.#options = options;
  }

  join(operation: EventOperation): Participant {
    const { document, operationName, caller, cacheControl } = operation;
    const asked = JSON.stringify([
      this.#idOf(caller.client),
      this.#idOf(caller.directory),
      [...caller.scopes],
      this.#idOf(document),
      operationName,
      eventVariables(operation),
      cacheControl,
    ]);
    const group = this.#groups.get(asked) ?? { members: 0, made: new Map() };
    this.#groups.set(asked, group);
    group.members++;
    return {
      resultOf: (event) => {
        const { change, caughtUp, place } = event;
        const key = 4 * place.sequence + (change ? 2 : 0) + (caughtUp ? 1 : 0);
        const made = group.made.get(key);
        return made && made.epoch === place.epoch && performance.now() - made.at < SHARED_MS
          ? made.result
          : this.#make(group, key, operation, event);
      },
      leave: () => {
        if (--group.members > 0) return;
        this.#groups.delete(asked);
        for (const made of group.made.values()) this.#made.delete(made);
      },
    };
  }

  #idOf(object: object | undefined): number {
    if (!object) return 0;
    const id = this.#ids.get(object) ?? ++this.#lastId;
    this.#ids.set(object, id);
    return id;
  }

  #make(
    group: Group,
    key: number,
    operation: EventOperation,
    event: StreamedChange,
  ): SentEvent | Promise<SentEvent> {
    const result = this.#execute(operation, event);
    const { epoch } = event.place;
    const made = { group, key, epoch, at: performance.now(), result };
    this.#keep(made);
    // Its size is known now. One that failed is made again.
    if (isPromise(result))
      result.then(
        (known) => group.members > 0 && this.#keep({ ...made, result: known }),
        () => group.made.delete(key),
      );
    return result;
  }

  #keep(made: Made): void {
    const { group, key } = made;
    const before = group.made.get(key);
    group.made.set(key, made);
    if (before) this.#made.delete(before);
    this.#made.set(made, true);
    // One that is larger than all may be together.
    if (!this.#made.has(made)) group.made.delete(key);
  }

  #execute(operation: EventOperation, event: StreamedChange): SentEvent | Promise<SentEvent> {
    const { maxAnswerBytes, log, terse } = this.#options;
    const { caller, cacheControl, schema, document, operationName, variableValues } = operation;
    const requestId = randomUUID();
    const occasion = { id: requestId, startedAt: performance.now(), cacheControl };
    const context = createContext(this.#options, caller, occasion);
    const finish = (result: Awaited<ReturnType<typeof execute>>): SentEvent => {
      const { addedErrors, logOnlyErrors, scope, work } = context;
      context.end();
      for (const error of logOnlyErrors) logCause(error, {}, log.child({ requestId }));
      const thrown = [...(result.errors ?? []), ...(addedErrors as GraphQLError[])];
      const isTooLong = resultLength(result, maxAnswerBytes) > maxAnswerBytes;
      const shaped = isTooLong
        ? { data: null, errors: [toClientError(new OperationTooExpensive('answer'))] }
        : {
            ...result,
            ...(thrown.length > 0 && { errors: shapeErrors(thrown, { log, terse, requestId }) }),
          };
      const spent = { calls: scope.calls, rows: work.rows + 1 };
      return { cursor: changeCursor(event.place), json: stringifyResult(shaped), spent };
    };
    const result = execute({
      schema,
      document,
      rootValue: event,
      contextValue: context,
      operationName,
      variableValues,
    });
    return isPromise(result) ? result.then(finish) : finish(result);
  }
}
