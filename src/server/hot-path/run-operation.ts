import { OperationTypeNode } from 'graphql';
import { largeInput } from '../../operation/input-size.ts';
import { badMutationArgument } from '../../operation/mutation-arguments.ts';
import { startOperationSpan } from '../../telemetry/tracing.ts';
import { createContext } from '../context.ts';
import type { Reservation } from '../limits/rate-limits.ts';
import { checkVariables } from '../limits/use-variable-check.ts';
import { noteOperation } from '../reports/use-operation-log.ts';
import type { Asked, AskedOperation } from './asked.ts';
import type { HotPathParts } from './hot-path-parts.ts';
import type { ReadyAnswer } from './ready-answers.ts';
import { QueryTexts } from './remembered-texts.ts';
import { RunningOperation } from './running-operation.ts';
import { SharedRuns } from './shared-runs.ts';

/** Checks, runs and answers operations, in the order in which the plugins of the general way do. */
export class RunOperation {
  readonly #all: HotPathParts;
  readonly #shared = new SharedRuns();

  constructor(options: HotPathParts) {
    this.#all = options;
  }

  /** Sends an answer that is ready. Returns false if its caller has too few points left. */
  again(asked: Asked, answer: ReadyAnswer): boolean {
    const { parts, rules } = this.#all;
    const { caller } = asked;
    const needed = rules.cost.toReserve(answer.cost, caller);
    const remaining = parts.rateLimits.spend(caller, needed, answer.charged - 1);
    if (remaining === undefined) return false;
    this.#sendReady(asked, answer, remaining);
    return true;
  }

  #sendReady(asked: Asked, answer: ReadyAnswer, remaining: number): void {
    const { state, caller } = asked;
    state.cost = { ...answer.cost, charged: answer.charged, remaining };
    state.operation = answer.operation;
    state.operationName = answer.operationName;
    if (answer.isTrusted) state.isTrusted = true;
    state.work = answer;
    state.answerLength = answer.length;
    state.freshUntil = answer.freshUntil;
    state.upstream = { upstreamCalls: 0, upstreamCached: answer.cached, upstreamMs: 0 };
    for (const [route, answers] of answer.readsBy) caller.client.noteReuse(route, answers);
    if (state.span)
      startOperationSpan(state.span.context, answer.operation.operation, answer.operationName)?.end();
    this.#all.send.ready(asked, answer);
  }

  /** Begins an operation. Returns false, with nothing done, if it is refused or has to wait for points. */
  begin(asked: Asked, operation: AskedOperation): boolean {
    const { options, parts, rules } = this.#all;
    const { request, state, caller } = asked;
    const { document, compiled, operationName, variables, key } = operation;
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
    const isQuery = compiled.operation.operation === OperationTypeNode.QUERY;
    const sharedKey = isQuery ? key : undefined;
    if (sharedKey !== undefined && this.#follow(asked, operation, sharedKey, reservation)) {
      context.end();
      return true;
    }
    noteOperation(state, compiled.operation);
    state.operationName = operationName?.slice(0, 100) ?? state.operationName;
    state.work = context.work;
    const texts = isQuery && !context.scope.freshness ? new QueryTexts(operation.texts, context) : undefined;
    const version = caller.client.dataVersion();
    const run = sharedKey === undefined ? undefined : this.#shared.begin(sharedKey, version);
    const running = new RunningOperation(this.#all, {
      asked,
      operation,
      context,
      reservation,
      texts,
      version,
      followers: run?.followers ?? [],
      onEnd: (answer) => {
        if (run && sharedKey !== undefined) this.#shared.end(sharedKey, run, answer);
      },
    });
    running.start(values);
    return true;
  }

  /** Lets the request wait for the same one that is under way. Returns false if there is none. */
  #follow(asked: Asked, operation: AskedOperation, key: string, reservation: Reservation): boolean {
    return this.#shared.join(key, asked.caller.client.dataVersion(), {
      answer: (answer) => this.#sendReady(asked, answer, reservation.settle(answer.charged - 1)),
      runAlone: () => {
        reservation.settle(0);
        delete asked.state.cost;
        if (!this.begin(asked, operation)) asked.passOn();
      },
    });
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
