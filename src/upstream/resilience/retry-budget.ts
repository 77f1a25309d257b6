/** Limits how many extra calls a failing upstream can cause. */
export interface RetryBudget {
  /** Notes a first attempt, which earns a tenth of a retry. */
  deposit(): void;
  /** Takes one retry. Returns false when none is left. */
  withdraw(): boolean;
}

const PER_CALL = 0.1;
/** After a quiet time a few calls may be retried at once. */
const MOST = 10;

/** One per client. Retries are at most a tenth of the calls, so that an outage does not triple the load. */
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
