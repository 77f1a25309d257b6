import { hash } from 'node:crypto';
import type { Cancellation } from '../../upstream/cancellation.ts';
import type { Caller } from '../auth/caller.ts';
import { type Budget, Budgets, type Owner } from './budget.ts';

/** A claim of a token may be long. Longer ids are kept as a hash. */
const LONGEST_ID = 64;
/** The refund of an operation that ran longer would go to another minute. */
export const REFUNDABLE_MS = 55_000;

/** Points reserved for an operation. */
export interface Reservation {
  /** Charges what the operation really cost in place of what was reserved, and returns how many points are left. */
  settle(charged: number): number;
}

/** How many points callers may spend in a minute. `points.ts` says what they pay for. */
export interface RateLimits {
  /** Returns the most that one operation of this caller could ever spend. */
  most(caller: Caller): number;
  /**
   * Takes points from the caller and its tenant. Takes none, and throws {@link RateLimited}, if one has too few. A promise
   * only if another process has to be asked.
   */
  take(caller: Caller, points: number): Promise<void> | undefined;
  /** Takes points for work that has been done, even more than there are. */
  charge(caller: Caller, points: number): void;
  /** Takes points as {@link RateLimits.take} does, if there are enough; otherwise returns undefined. */
  reserveAtOnce(caller: Caller, points: number): Reservation | undefined;
  /**
   * Takes points for work that is done at once: `charged`, if there are at least `needed`. Returns how many are left,
   * undefined if there are too few.
   */
  spend(caller: Caller, needed: number, charged: number): number | undefined;
  /**
   * Takes points as {@link RateLimits.take} does. Waits until `end` for running operations of the same tenant, if what
   * they have reserved and may not spend would be enough. Throws the reason of `end`.
   */
  reserve(caller: Caller, points: number, end: Cancellation): Promise<Reservation>;
}

/** `pointsPerMinute` is for tenants without a limit in the configuration. 0 means no limit. */
export function createRateLimits(pointsPerMinute: number): RateLimits {
  const budgets = new Budgets();
  const known = new WeakMap<Caller, readonly Budget[]>();
  const budgetsOf = (caller: Caller): readonly Budget[] => {
    let own = known.get(caller);
    if (!own) {
      own = limitsOf(caller, pointsPerMinute).map(({ owner, key, most }) => budgets.budget(owner, key, most));
      known.set(caller, own);
    }
    return own;
  };

  return {
    most: (caller) => mostFor(caller, pointsPerMinute),
    take(caller, points) {
      takeAll(budgetsOf(caller), points);
      return undefined;
    },
    charge(caller, points) {
      for (const budget of budgetsOf(caller)) budget.add(-points);
    },
    reserveAtOnce(caller, points) {
      const from = budgetsOf(caller);
      if (from.some((budget) => budget.left() < points)) return undefined;
      takeAll(from, points);
      return reservation(from, points);
    },
    spend(caller, needed, charged) {
      const from = budgetsOf(caller);
      for (const budget of from) if (budget.left() < needed) return undefined;
      let left = Number.POSITIVE_INFINITY;
      for (const budget of from) left = Math.min(left, budget.add(-charged));
      return Math.max(0, left);
    },
    async reserve(caller, points, end) {
      const from = budgetsOf(caller);
      for (;;) {
        const short = from.find((budget) => budget.left() < points);
        if (!short?.mayFit(points)) break;
        await settledOrEnded(short, end);
      }
      takeAll(from, points);
      return reservation(from, points);
    },
  };
}

/** Whose points an operation takes, and how many they have in a minute. */
export interface PointsLimit {
  readonly owner: Owner;
  readonly key: string;
  readonly most: number;
}

/** Returns the caller's own limit and the one that it shares with its tenant; none without a limit. */
export function limitsOf(caller: Caller, pointsPerMinute: number): readonly PointsLimit[] {
  const points = pointsOf(caller, pointsPerMinute);
  if (points === 0) return [];
  return [
    { owner: 'caller', key: `${caller.tenantId} ${shortened(caller.id)}`, most: shareOf(points) },
    { owner: 'tenant', key: caller.tenantId, most: points },
  ];
}

/** Returns the most that one operation of the caller could ever spend. */
export const mostFor = (caller: Caller, pointsPerMinute: number): number =>
  shareOf(pointsOf(caller, pointsPerMinute)) || Number.POSITIVE_INFINITY;

const pointsOf = ({ limits }: Caller, pointsPerMinute: number) => limits.pointsPerMinute ?? pointsPerMinute;

/** Half of the tenant's points, so that one faulty caller leaves the other half to the other callers. */
const shareOf = (pointsOfTenant: number) => Math.ceil(pointsOfTenant / 2);

const shortened = (id: string) => (id.length > LONGEST_ID ? hash('sha256', id) : id);

function takeAll(budgets: readonly Budget[], points: number): void {
  for (const budget of budgets) budget.require(points);
  for (const budget of budgets) budget.add(-points);
}

function reservation(budgets: readonly Budget[], points: number): Reservation {
  const startedAt = performance.now();
  const ends = budgets.map((budget) => budget.reserve(points));
  return {
    settle(charged) {
      const isRefundable = performance.now() - startedAt < REFUNDABLE_MS;
      for (const budget of budgets) if (charged > points || isRefundable) budget.add(points - charged);
      for (const end of ends) end();
      return Math.max(0, Math.min(...budgets.map((budget) => budget.left())));
    },
  };
}

function settledOrEnded(budget: Budget, end: Cancellation): Promise<void> {
  return new Promise((resolve, reject) => {
    const unsubscribe = end.subscribe(reject);
    budget.onSettled(() => {
      unsubscribe();
      resolve();
    });
  });
}
