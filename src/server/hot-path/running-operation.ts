import { type GraphQLError, OperationTypeNode } from 'graphql';
import type { TextResult } from '../../execution/compiled-operation.ts';
import { startOperationSpan } from '../../telemetry/tracing.ts';
import { ClientLeft } from '../../upstream/errors.ts';
import { onceClosed } from '../connections/exchange.ts';
import type { OperationContext } from '../context.ts';
import { toClientError } from '../errors/client-error.ts';
import { OperationTooExpensive, Overloaded } from '../errors/request-errors.ts';
import { formatError } from '../errors/stringify-result.ts';
import { logOnly } from '../errors/use-added-errors.ts';
import { areMany, shapeErrors, shortenErrors } from '../errors/use-client-errors.ts';
import { pointsFor } from '../limits/points.ts';
import type { Reservation } from '../limits/rate-limits.ts';
import { UNBOUNDED_ROWS } from '../limits/row-admission.ts';
import { LONG } from '../limits/use-answer-limit.ts';
import { costReport } from '../reports/use-cost-report.ts';
import { noteEnd, noteErrors } from '../reports/use-operation-log.ts';
import { upstreamReport } from '../reports/use-upstream-report.ts';
import type { Asked, AskedOperation } from './asked.ts';
import type { HotPathParts } from './hot-path-parts.ts';
import { type ReadyAnswer, SHORT } from './ready-answers.ts';
import type { QueryTexts } from './remembered-texts.ts';

export interface Run {
  readonly asked: Asked;
  readonly operation: AskedOperation;
  readonly context: OperationContext;
  readonly reservation: Reservation;
  /** Undefined where nothing may be used again. */
  readonly texts: QueryTexts | undefined;
  /** The version of the tenant's data. */
  readonly version: number;
  /** Requests that wait for the same answer. */
  readonly followers: readonly unknown[];
  /** Called once, with the answer if others may have it. */
  readonly onEnd: (answer?: ReadyAnswer) => void;
}

/** An operation from its first field to its answer. */
export class RunningOperation {
  readonly #all: HotPathParts;
  readonly #run: Run;
  readonly #asked: Asked;
  readonly #context: OperationContext;
  #hasEnded = false;
  /** All fields have their values. After an error, others may still be on their way to theirs. */
  #isComplete = false;

  constructor(all: HotPathParts, run: Run) {
    this.#all = all;
    this.#run = run;
    this.#asked = run.asked;
    this.#context = run.context;
    onceClosed(run.asked.response, () => {
      if (this.#isComplete) run.context.forget();
      else if (!this.#hasEnded && run.followers.length === 0)
        run.context.scope.cancel(new ClientLeft('the client closed the connection'));
    });
  }

  start(variables: Record<string, unknown>): void {
    const { parts } = this.#all;
    const { state, caller } = this.#asked;
    const { scope } = this.#context;
    const rows = state.cost?.rows ?? 0;
    if (rows < UNBOUNDED_ROWS) {
      this.#execute(variables);
      return;
    }
    const admitted = parts.admission.enter(caller.tenantId, rows, scope).then(
      (release) => {
        state.releaseRows = release;
        this.#execute(variables);
      },
      (error) => {
        this.#settle();
        this.#end({ data: 'null', errors: [toClientError(error)] });
      },
    );
    this.#guard(admitted);
  }

  #execute(variables: Record<string, unknown>): void {
    const { state } = this.#asked;
    const context = this.#context;
    const { scope } = context;
    const span =
      state.span &&
      startOperationSpan(
        state.span.context,
        this.#run.operation.compiled.operation.operation,
        state.operationName,
      );
    if (span) scope.trace = span.context;
    const end = (result: TextResult) => {
      span?.end();
      this.#settle(result);
      this.#end(result);
    };
    const stopped = () => (scope.reason instanceof ClientLeft ? scope.reason : undefined);
    const memory = this.#run.texts;
    const result = this.#run.operation.compiled.run({ context, variables, memory, stopped });
    if (result instanceof Promise) this.#guard(result.then(end));
    else end(result);
  }

  /** Charges the operation, and notes what it has asked of the upstream. */
  #settle(result?: TextResult): void {
    const { rules } = this.#all;
    const { state, caller } = this.#asked;
    this.#hasEnded = true;
    this.#isComplete = result?.errors.length === 0;
    if (result) state.answerLength = lengthOf(result);
    rules.cost.settle(state, this.#run.reservation, this.#context, state.answerLength);
    noteEnd(state, this.#context);
    for (const [route, answers] of this.#run.texts?.reused ?? []) caller.client.noteReuse(route, answers);
  }

  #end({ data, errors: thrown }: TextResult): void {
    const { options, rules } = this.#all;
    const { state } = this.#asked;
    const { addedErrors, logOnlyErrors } = this.#context;
    logOnly(logOnlyErrors, state.id, options.log);
    const errors = [...thrown, ...(addedErrors as readonly GraphQLError[])];
    if (errors.length === 0) this.#answer(data, []);
    else if (!areMany(errors)) this.#answer(data, this.#shaped(errors));
    else {
      const shortened = shortenErrors(errors, rules.terse);
      this.#guard(shortened.then((short) => this.#answer(data, this.#shaped(short), state.id)));
    }
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
      const entered = parts.unsentAnswers.long.enter(length, { waitMs, response }).then((release) => {
        if (release) this.#send(data, errors, requestId);
        else this.#refuse(new Overloaded('no room for another long answer'), 'null');
      });
      this.#guard(entered);
    }
  }

  /** Answers if a step fails through a mistake of ours. A rejection that nobody handles would end the process. */
  #guard(step: Promise<void>): void {
    step.catch((error: unknown) => {
      if (!this.#asked.response.headersSent) this.#refuse(error as Error, 'null');
    });
  }

  /** Answers with one error, and with this data if any. */
  #refuse(reason: Error, data?: 'null'): void {
    this.#run.onEnd();
    const errors = this.#shaped([toClientError(reason)]);
    this.#releaseRows();
    const text = `{"errors":${errorsText(errors)}${data ? ',"data":null' : ''}}`;
    this.#all.send.text(this.#asked, text, { errors, hasData: data !== undefined });
  }

  #send(data: string, errors: readonly GraphQLError[], requestId: string | undefined): void {
    const { send } = this.#all;
    const { asked, context } = this.#run;
    this.#releaseRows();
    const extensions = this.#extensions(requestId);
    if (errors.length === 0 && extensions === '' && !context.scope.reason) {
      this.#sendWhole(`{"data":${data}}`);
      return;
    }
    this.#run.onEnd();
    const failed = errors.length > 0 ? { errors, hasData: true } : undefined;
    const first = failed ? `"errors":${errorsText(errors)},` : '';
    send.text(asked, `{${first}"data":${data}${extensions}}`, failed);
  }

  /** Sends an answer with all its data, also to those who wait for the same, and keeps it if it lasts. */
  #sendWhole(text: string): void {
    const { ready, send } = this.#all;
    const { asked, operation, context, texts, version, followers, onEnd } = this.#run;
    const { state, caller } = asked;
    const { scope, work } = context;
    const { calls = 0, rows = 0, points = 1 } = state.cost ?? {};
    const length = state.answerLength ?? text.length;
    if (operation.compiled.operation.operation === OperationTypeNode.QUERY)
      state.freshUntil = scope.freshUntil;
    const { key } = operation;
    const isLasting =
      texts !== undefined && version === caller.client.dataVersion() && scope.freshUntil > performance.now();
    const isKept = key !== undefined && isLasting && ready.isAskedAgain(key);
    if (!isKept && followers.length === 0) {
      onEnd();
      send.text(asked, text);
      return;
    }
    const answer: ReadyAnswer = {
      body: Buffer.from(text),
      text: text.length <= SHORT ? text : undefined,
      encoded: new Map(),
      version,
      freshUntil: scope.freshUntil,
      cost: { calls, rows, points },
      charged: pointsFor({ calls: 0, rows: work.rows, scanned: work.scanned, bytes: length }),
      readsBy: scope.readsBy,
      cached: scope.cached + scope.calls,
      rows: work.rows,
      length,
      operation: operation.compiled.operation,
      operationName: state.operationName,
      isTrusted: state.isTrusted === true,
    };
    if (isKept) ready.keep(key, answer);
    send.ready(asked, answer);
    onEnd(answer);
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
