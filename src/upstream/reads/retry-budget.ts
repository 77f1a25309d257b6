/** Bounds how many extra calls a failing upstream can cause. */
export interface RetryBudget {
  /** Notes a first attempt, which pays for a tenth of a retry. */
  deposit(): void;
  /** Takes one retry; false when there is none left. */
  withdraw(): boolean;
}

const PER_CALL = 0.1;
/** A quiet gateway may retry a handful of calls at once. */
const MOST = 10;

/** One per tenant: retries are at most a tenth of the calls, so that an upstream that is down is not called three times as often. */
export function createRetryBudget(): RetryBudget {
  let left = MOST;
  return {
    deposit() {
      left = Math.min(MOST, left + PER_CALL);
    },
    withdraw() {
      if (left < 1) return false;
      left--;
      return true;
    },
  };
}
