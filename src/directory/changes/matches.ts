import type { Change, ChangeConditions } from './change.ts';

/** Whether a change is one of those that the conditions ask for. The log of changes does the same in SQL. */
export function matches(change: Change, conditions: ChangeConditions): boolean {
  const { kinds, msns, merchants, productOrders, since } = conditions;
  const has = <T>(wanted: readonly T[] | undefined, value: T | undefined): boolean =>
    wanted === undefined || (value !== undefined && wanted.includes(value));
  return (
    has(kinds, change.kind) &&
    has(msns, change.msn) &&
    has(merchants, change.merchant) &&
    has(productOrders, change.productOrder) &&
    (since === undefined || change.at >= since)
  );
}
