import { LRUCache } from 'lru-cache';
import { networkOf } from '../../config/network/ip-address.ts';
import { MinutePoints } from '../limits/minute-points.ts';

const MAX_VERIFIED = 10_000;
const VERIFIED_FOR_MS = 60 * 60_000;

/** Owners whose keys the upstream has accepted within the last hour. */
export const createVerifiedOwners = () =>
  new LRUCache<string, true>({ max: MAX_VERIFIED, ttl: VERIFIED_FOR_MS });

/** Limits how often the callers of one address may fail to authenticate. */
export interface AuthFailureLimit {
  /** Returns how long this address must wait; undefined if it need not. */
  waitMs(address: string): number | undefined;
  /**
   * Counts a failure. Returns how long to wait if it exceeds the limit, so that concurrent attempts are limited too. A
   * promise only if another process has to be asked.
   */
  recordFailure(address: string): number | undefined | Promise<number | undefined>;
  /** Removes a failure that was counted before the result was known. */
  undoFailure(address: string): void;
  /** Records that the upstream accepted the keys of this owner. */
  markVerified(owner: string): void;
  /** Records that the upstream refused the keys of this owner. */
  forgetVerified(owner: string): void;
  isVerified(owner: string): boolean;
}

/**
 * After `failuresPerMinute` failures, an address must wait. 0 means no limit. Behind a proxy that is not in
 * `TRUSTED_PROXIES`, all callers have one address, so the limit must not affect valid credentials: gateway keys and signed
 * tokens are verified here and are too long to guess, and callers with their own keys pass if the upstream has accepted
 * the keys within the last hour.
 */
export function createAuthFailureLimit(failuresPerMinute: number): AuthFailureLimit {
  const failures = new MinutePoints();
  const verified = createVerifiedOwners();
  const isOff = failuresPerMinute === 0;
  return {
    waitMs(address) {
      const network = networkOf(address);
      if (isOff || failures.of(network) < failuresPerMinute) return undefined;
      return Math.ceil(failures.msLeft(network)) || undefined;
    },
    recordFailure(address) {
      if (isOff) return undefined;
      const network = networkOf(address);
      return failures.add(network, 1) > failuresPerMinute ? Math.ceil(failures.msLeft(network)) : undefined;
    },
    undoFailure(address) {
      if (!isOff) failures.add(networkOf(address), -1);
    },
    markVerified(owner) {
      if (!isOff) verified.set(owner, true);
    },
    forgetVerified(owner) {
      verified.delete(owner);
    },
    isVerified: (owner) => verified.has(owner),
  };
}
