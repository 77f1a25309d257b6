import { operationCost } from '../../operation/operation-cost.ts';
import type { CallTracker } from '../../upstream/call-tracker.ts';
import type { Caller } from '../auth/caller.ts';
import type { OperationContext } from '../context.ts';
import type { costMessages } from '../errors/request-errors.ts';
import type { Cost, RequestState } from '../request-state.ts';
import type { CheckedOperation } from './before-operations.ts';
import { SMALL_ROWS } from './operation-work.ts';
import { pointsFor } from './points.ts';
import type { RateLimits, Reservation } from './rate-limits.ts';

export interface CostRulesOptions {
  readonly maxPageSize: number;
  /** Per operation. The tenant's own limit takes precedence. */
  readonly maxUpstreamCalls: number;
  readonly maxRows: number;
  readonly maxAnswerBytes: number;
  readonly rateLimits: RateLimits;
}

type Excess = keyof typeof costMessages;

/** What an operation may cost, and what it is charged. */
export class CostRules {
  readonly #options: CostRulesOptions;

  constructor(options: CostRulesOptions) {
    this.#options = options;
  }

  /** Returns the most that an operation may cost, and notes it. */
  estimate(
    state: RequestState,
    { schema, document, operationName, variableValues, contextValue }: CheckedOperation,
  ): Cost {
    const { maxPageSize } = this.#options;
    const cost = operationCost(
      schema,
      { document, operationName, variables: variableValues ?? undefined },
      { maxPageSize, hasDirectory: answersFromDirectory(contextValue.caller, contextValue.scope) },
    );
    state.cost = { ...cost, points: pointsFor(cost) };
    contextValue.work.isSmall = cost.rows <= SMALL_ROWS;
    return state.cost;
  }

  /** Returns what an operation would exceed; undefined if it may run. */
  excess({ calls, rows }: Cost, caller: Caller, mostRows = this.#options.maxRows): Excess | undefined {
    const { maxUpstreamCalls, rateLimits } = this.#options;
    if (!Number.isFinite(calls + rows)) return 'estimate';
    if (calls > Math.min(caller.limits.maxUpstreamCalls ?? maxUpstreamCalls, rateLimits.most(caller)))
      return 'calls';
    return rows > mostRows ? 'rows' : undefined;
  }

  /** Returns how many points to reserve: a caller never has more than those of a minute, however long it waits. */
  toReserve({ points }: Cost, caller: Caller): number {
    // The first point was taken before the body was read.
    return Math.min(points, this.#options.rateLimits.most(caller)) - 1;
  }

  /** Charges what an operation has done, with an answer of this length, in place of what was reserved for it. */
  settle(
    state: RequestState,
    reservation: Reservation,
    { scope, work }: Pick<OperationContext, 'scope' | 'work'>,
    bytes = 0,
  ): void {
    const { calls } = scope;
    const { rows, scanned } = work;
    const { maxAnswerBytes } = this.#options;
    const charged = pointsFor({ calls, rows, scanned, bytes: Math.min(bytes, maxAnswerBytes) });
    const remaining = reservation.settle(charged - 1);
    if (state.cost) state.cost = { ...state.cost, charged, remaining };
  }
}

/** Whether the directory has everything that the operation may ask it for. What is too old for the caller is read again. */
const answersFromDirectory = ({ directory }: Caller, { freshness }: CallTracker): boolean =>
  directory?.lastStatus?.isComplete === true && directory.answersReads && freshness?.maxAgeMs === undefined;
