import type { MinimalRate } from './reader-progress.ts';

/** All figures are bytes or milliseconds. */
export interface UnsentAnswersOptions extends MinimalRate {
  readonly bound: number;
  /** The part of `bound` for all unauthenticated clients together. */
  readonly unauthenticatedBound: number;
  /** A client that has read nothing for this long is disconnected when memory is short. */
  readonly stalledMs: number;
  /** How long a response waits for room. */
  readonly patienceMs: number;
  readonly sweepMs: number;
  readonly now: () => number;
}

const MEBIBYTE = 1024 * 1024;

export const defaults: UnsentAnswersOptions = {
  bound: 64 * MEBIBYTE,
  unauthenticatedBound: 32 * MEBIBYTE,
  stalledMs: 2_000,
  // A busy process sweeps late. Even then, a client that reads nothing is disconnected within 30 s.
  timeoutMs: 20_000,
  minBytes: 256 * 1024,
  patienceMs: 4_000,
  sweepMs: 500,
  now: () => performance.now(),
};
