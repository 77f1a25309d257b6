import { type DocumentNode, type GraphQLError, OperationTypeNode } from 'graphql';
import type { CompiledOperation, TextResult } from '../../execution/compiled-operation.ts';
import { largeInput } from '../../operation/input-size.ts';
import { badMutationArgument } from '../../operation/mutation-arguments.ts';
import { startOperationSpan } from '../../telemetry/tracing.ts';
import { ClientLeft } from '../../upstream/errors.ts';
import { onceClosed } from '../connections/once-closed.ts';
import { createContext, type OperationContext } from '../context.ts';
import type { EndpointRules } from '../endpoint-rules.ts';
import { toClientError } from '../errors/client-error.ts';
import { OperationTooExpensive, Overloaded } from '../errors/request-errors.ts';
import { formatError } from '../errors/stringify-result.ts';
import { logOnly } from '../errors/use-added-errors.ts';
import { areMany, shapeErrors, shortenErrors } from '../errors/use-client-errors.ts';
import type { GatewayOptions, GatewayParts } from '../gateway-parts.ts';
import { pointsFor } from '../limits/points.ts';
import type { Reservation } from '../limits/rate-limits.ts';
import { UNBOUNDED_ROWS } from '../limits/row-admission.ts';
import { LONG } from '../limits/use-answer-limit.ts';
import { checkVariables } from '../limits/use-variable-check.ts';
import { costReport } from '../reports/use-cost-report.ts';
import { noteEnd, noteErrors, noteOperation } from '../reports/use-operation-log.ts';
import { upstreamReport } from '../reports/use-upstream-report.ts';
import type { Asked } from './asked.ts';
import type { ReadyAnswer, ReadyAnswers } from './ready-answers.ts';
import { QueryTexts, type RememberedTexts } from './remembered-texts.ts';
import type { Send } from './send.ts';

/** An operation with its variables as they were sent. */
export interface AskedOperation {
  readonly document: DocumentNode;
  readonly compiled: CompiledOperation;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Under which its answer may be kept; undefined if it may not. */
  readonly key: string | undefined;
  readonly texts: RememberedTexts;
}

interface RunOperationOptions {
  readonly options: GatewayOptions;
  readonly parts: GatewayParts;
  readonly rules: EndpointRules;
  readonly ready: ReadyAnswers;
  readonly send: Send;
}

/** Checks, runs and answers operations, in the order in which the plugins of the general way do. */
export class RunOperation {
  readonly #all: RunOperationOptions;

  constructor(options: RunOperationOptions) {
    this.#all = options;
  }

  /** Sends an answer that is ready. Returns false if its caller has too few points left. */
  again(asked: Asked, answer: ReadyAnswer): boolean {
    const { parts, rules, send } = this.#all;
    const { state, caller } = asked;
    const reservation = parts.rateLimits.reserveAtOnce(caller, rules.cost.toReserve(answer.cost, caller));
    if (!reservation) return false;
    const remaining = reservation.settle(answer.charged - 1);
    state.cost = { ...answer.cost, charged: answer.charged, remaining };
    state.operation = answer.operation;
    state.operationName = answer.operationName;
    if (answer.isTrusted) state.isTrusted = true;
    state.work = answer;
    state.answerLength = answer.length;
    state.freshUntil = answer.freshUntil;
    state.upstream = { upstreamCalls: 0, upstreamCached: answer.cached, upstreamMs: 0 };
    for (const [route, answers] of answer.cachedBy) caller.client.noteReuse(route, answers);
    if (state.span)
      startOperationSpan(state.span.context, answer.operation.operation, answer.operationName)?.end();
    send.ready(asked, answer);
    return true;
  }

  /** Begins an operation. Returns false, with nothing done, if it is refused or has to wait for points. */
  begin(asked: Asked, operation: AskedOperation): boolean {
    const { options, parts, rules } = this.#all;
    const { request, response, state, caller } = asked;
    const { document, compiled, operationName, variables } = operation;
    const { schema, terse } = rules;
    const { limits, http } = options;
    const given = { document, operationName, variables };
    const sizes = { maxPageSize: limits.maxPageSize, maxCharacters: http.maxBodyBytes };
    if (largeInput(schema, given, sizes)) return false;
    const context = createContext({ ...limits, turns: parts.turns }, caller, {
      id: state.id,
      startedAt: state.startedAt,
      cacheControl: request.headers['cache-control'] ?? null,
    });
    const checked = { schema, document, operationName, variableValues: variables, contextValue: context };
    const reservation = this.#reserve(asked, checked, terse);
    const values = reservation && compiled.readVariables(variables);
    if (!reservation || !values) {
      reservation?.settle(0);
      context.end();
      delete state.cost;
      return false;
    }
    const leave = () => context.scope.cancel(new ClientLeft('the client closed the connection'));
    onceClosed(response, leave);
    noteOperation(state, compiled.operation);
    state.operationName = operationName?.slice(0, 100) ?? state.operationName;
    state.work = context.work;
    const running = new Running(this.#all, asked, operation, context, reservation);
    running.start(values);
    return true;
  }

  #reserve(
    { state, caller }: Asked,
    checked: Parameters<typeof checkVariables>[0],
    terse: boolean,
  ): Reservation | undefined {
    const { parts, rules } = this.#all;
    const { schema, document, operationName, variableValues } = checked;
    if (checkVariables(checked, terse)) return undefined;
    const variables = variableValues ?? {};
    if (badMutationArgument(schema, { document, operationName, variables })) return undefined;
    const cost = rules.cost.estimate(state, checked);
    if (rules.cost.excess(cost, caller)) return undefined;
    return parts.rateLimits.reserveAtOnce(caller, rules.cost.toReserve(cost, caller));
  }
}

/** An operation from its first field to its answer. */
class Running {
  readonly #all: RunOperationOptions;
  readonly #asked: Asked;
  readonly #operation: AskedOperation;
  readonly #context: OperationContext;
  readonly #reservation: Reservation;
  readonly #texts: QueryTexts | undefined;
  readonly #version: number | undefined;

  constructor(
    all: RunOperationOptions,
    asked: Asked,
    operation: AskedOperation,
    context: OperationContext,
    reservation: Reservation,
  ) {
    this.#all = all;
    this.#asked = asked;
    this.#operation = operation;
    this.#context = context;
    this.#reservation = reservation;
    this.#version = asked.caller.client.dataVersion();
    const isQuery = operation.compiled.operation.operation === OperationTypeNode.QUERY;
    if (isQuery && !context.scope.freshness) this.#texts = new QueryTexts(operation.texts, context);
  }

  start(variables: Record<string, unknown>): void {
    const { parts } = this.#all;
    const { state, caller } = this.#asked;
    const { scope } = this.#context;
    const rows = state.cost?.rows ?? 0;
    if (rows < UNBOUNDED_ROWS) {
      this.#run(variables);
      return;
    }
    parts.admission.enter(caller.tenantId, rows, scope).then(
      (release) => {
        state.releaseRows = release;
        this.#run(variables);
      },
      (error) => {
        this.#settle();
        this.#end({ data: 'null', errors: [toClientError(error)] });
      },
    );
  }

  #run(variables: Record<string, unknown>): void {
    const { state } = this.#asked;
    const context = this.#context;
    const { scope } = context;
    const span =
      state.span &&
      startOperationSpan(
        state.span.context,
        this.#operation.compiled.operation.operation,
        state.operationName,
      );
    if (span) scope.trace = span.context;
    const end = (result: TextResult) => {
      span?.end();
      this.#settle(result);
      this.#end(result);
    };
    const stopped = () => (scope.reason instanceof ClientLeft ? scope.reason : undefined);
    const memory = this.#texts;
    const result = this.#operation.compiled.run({ context, variables, memory, stopped });
    if (result instanceof Promise) void result.then(end).catch((error) => this.#lose(error));
    else end(result);
  }

  /** Charges the operation, and notes what it has asked of the upstream. */
  #settle(result?: TextResult): void {
    const { rules } = this.#all;
    const { state, caller } = this.#asked;
    if (result) state.answerLength = lengthOf(result);
    rules.cost.settle(state, this.#reservation, this.#context, state.answerLength);
    noteEnd(state, this.#context);
    for (const [route, answers] of this.#texts?.reused ?? []) caller.client.noteReuse(route, answers);
  }

  #end({ data, errors: thrown }: TextResult): void {
    const { options, rules } = this.#all;
    const { state } = this.#asked;
    const { addedErrors, logOnlyErrors } = this.#context;
    logOnly(logOnlyErrors, state.id, options.log);
    const errors = [...thrown, ...(addedErrors as readonly GraphQLError[])];
    if (errors.length === 0) this.#answer(data, []);
    else if (!areMany(errors)) this.#answer(data, this.#shaped(errors));
    else
      shortenErrors(errors, rules.terse).then((short) => this.#answer(data, this.#shaped(short), state.id));
  }

  #shaped(errors: readonly GraphQLError[]): readonly GraphQLError[] {
    const { options, rules } = this.#all;
    const { state } = this.#asked;
    const shaped = shapeErrors(errors, { log: options.log, terse: rules.terse, requestId: state.id });
    noteErrors(state, shaped);
    return shaped;
  }

  #answer(data: string, errors: readonly GraphQLError[], requestId?: string): void {
    const { options, parts } = this.#all;
    const { response, state } = this.#asked;
    const { maxAnswerBytes, requestDeadlineMs } = options.limits;
    const length = state.answerLength ?? 0;
    if (length > maxAnswerBytes) this.#refuse(new OperationTooExpensive('answer'));
    else if (length <= LONG) this.#send(data, errors, requestId);
    else {
      // Waits for room in memory. Clients that hold it and read nothing are disconnected.
      const waitMs = state.startedAt + requestDeadlineMs - performance.now();
      void parts.unsentAnswers.long.enter(length, { waitMs, response }).then((release) => {
        if (release) this.#send(data, errors, requestId);
        else this.#refuse(new Overloaded('no room for another long answer'), 'null');
      });
    }
  }

  /** Ends what failed by a mistake of ours. */
  #lose(error: unknown): void {
    if (!this.#asked.response.headersSent) this.#refuse(error as Error, 'null');
  }

  /** Answers with one error, and with this data if any. */
  #refuse(reason: Error, data?: 'null'): void {
    const errors = this.#shaped([toClientError(reason)]);
    this.#releaseRows();
    const text = `{"errors":${errorsText(errors)}${data ? ',"data":null' : ''}}`;
    this.#all.send.text(this.#asked, text, { errors, hasData: data !== undefined });
  }

  #send(data: string, errors: readonly GraphQLError[], requestId: string | undefined): void {
    const { send } = this.#all;
    this.#releaseRows();
    const extensions = this.#extensions(requestId);
    if (errors.length === 0 && extensions === '') {
      const text = `{"data":${data}}`;
      if (this.#keep(text)) return;
      send.text(this.#asked, text);
      return;
    }
    const failed = errors.length > 0 ? { errors, hasData: true } : undefined;
    const first = failed ? `"errors":${errorsText(errors)},` : '';
    send.text(this.#asked, `{${first}"data":${data}${extensions}}`, failed);
  }

  /** Sends an answer and keeps it, if the same request would get the same for a while. */
  #keep(text: string): boolean {
    const { ready, send } = this.#all;
    const { state, caller } = this.#asked;
    const { key, compiled } = this.#operation;
    const { scope, work } = this.#context;
    const { operation } = compiled;
    if (operation.operation === OperationTypeNode.QUERY) state.freshUntil = scope.freshUntil;
    const version = this.#version;
    if (
      this.#texts === undefined ||
      key === undefined ||
      state.cost === undefined ||
      version === undefined ||
      version !== caller.client.dataVersion() ||
      scope.freshUntil <= performance.now()
    )
      return false;
    const { calls, rows, points } = state.cost;
    const length = state.answerLength ?? text.length;
    const answer: ReadyAnswer = {
      body: Buffer.from(text),
      encoded: new Map(),
      version,
      freshUntil: scope.freshUntil,
      cost: { calls, rows, points },
      charged: pointsFor({ calls: 0, rows: work.rows, scanned: work.scanned, bytes: length }),
      cachedBy: scope.cachedBy,
      cached: scope.cached,
      rows: work.rows,
      length,
      operation,
      operationName: state.operationName,
      isTrusted: state.isTrusted === true,
    };
    ready.keep(key, answer);
    send.ready(this.#asked, answer);
    return true;
  }

  #extensions(requestId: string | undefined): string {
    const { request, state } = this.#asked;
    const { headers } = request;
    const reportsCalls = headers['x-upstream-report'] === '1';
    const reportsCost = reportsCalls || headers['x-cost-report'] === '1';
    if (!reportsCost && requestId === undefined) return '';
    const extensions = {
      requestId,
      upstream: reportsCalls ? upstreamReport(this.#context.scope) : undefined,
      cost: reportsCost && state.cost ? costReport(state.cost) : undefined,
    };
    return `,"extensions":${JSON.stringify(extensions)}`;
  }

  #releaseRows(): void {
    const { state } = this.#asked;
    state.releaseRows?.();
    state.releaseRows = undefined;
  }
}

const errorsText = (errors: readonly GraphQLError[]) => JSON.stringify(errors.map(formatError));

/** Message, code and punctuation of an error, at most. */
const ERROR = 250;

/** Returns about how many characters the answer has. */
const lengthOf = ({ data, errors }: TextResult) => data.length + ERROR * errors.length;
