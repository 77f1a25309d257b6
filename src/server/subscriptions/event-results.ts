import { randomUUID } from 'node:crypto';
import { type ExecutionArgs, execute, type GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { StreamedChange } from '../../directory/changes/stream.ts';
import { changeEvent } from '../../resolvers/changes/change-events.ts';
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

/** Returns the result of an event for one subscription. */
export type ResultOf = (event: StreamedChange) => SentEvent | Promise<SentEvent>;

/** Bytes of results that are kept for others who want the same. They want it within the same second. */
const MOST_KEPT = 8 * 1024 * 1024;

/**
 * Executes the documents of subscriptions for their events, each like a query of its own: with a deadline, and with what
 * the API says now. A result is made once for all subscriptions of a tenant that ask the same with the same scopes.
 */
export class EventResults {
  readonly #options: EventResultsOptions;
  readonly #made = new LRUCache<string, SentEvent>({
    maxSize: MOST_KEPT,
    sizeCalculation: ({ json }) => 3 * json.length + 500,
  });
  readonly #underWay = new Map<string, Promise<SentEvent>>();
  readonly #ids = new WeakMap<object, number>();
  #lastId = 0;

  constructor(options: EventResultsOptions) {
    this.#options = options;
  }

  /** Returns the function that makes the results of a subscription. */
  of(operation: EventOperation): ResultOf {
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
    return (event) => {
      const { epoch, sequence } = event.place;
      const key = `${epoch} ${sequence} ${event.change !== undefined} ${event.caughtUp} ${asked}`;
      return this.#made.get(key) ?? this.#underWay.get(key) ?? this.#make(key, operation, event);
    };
  }

  #idOf(object: object | undefined): number {
    if (!object) return 0;
    const id = this.#ids.get(object) ?? ++this.#lastId;
    this.#ids.set(object, id);
    return id;
  }

  #make(key: string, operation: EventOperation, event: StreamedChange): SentEvent | Promise<SentEvent> {
    const made = this.#execute(operation, event);
    if (!isPromise(made)) {
      this.#made.set(key, made);
      return made;
    }
    const underWay = made
      .then((result) => {
        this.#made.set(key, result);
        return result;
      })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, underWay);
    return underWay;
  }

  #execute(operation: EventOperation, event: StreamedChange): SentEvent | Promise<SentEvent> {
    const { maxAnswerBytes, log, terse } = this.#options;
    const { caller, cacheControl, schema, document, operationName, variableValues } = operation;
    const requestId = randomUUID();
    const occasion = { id: requestId, startedAt: performance.now(), cacheControl };
    const context = createContext(this.#options, caller, occasion);
    const { cursor } = changeEvent(event);
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
      return { cursor, result: shaped, json: stringifyResult(shaped), spent };
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
