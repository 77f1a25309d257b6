import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { networkOf } from '../../config/network/ip-address.ts';

const MINUTE_S = 60;
const MAX_VERIFIED = 10_000;
const VERIFIED_FOR_MS = 60 * 60_000;

/** Limits how often the callers of one address may fail to authenticate. */
export interface AuthFailureLimit {
  /** Returns how long this address must wait; undefined if it need not. */
  waitMs(address: string): Promise<number | undefined>;
  /** Counts a failure. Returns how long to wait if it exceeds the limit, so that concurrent attempts are limited too. */
  recordFailure(address: string): Promise<number | undefined>;
  /** Removes a failure that was counted before the result was known. */
  undoFailure(address: string): Promise<void>;
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
  const failures = new RateLimiterMemory({ points: failuresPerMinute, duration: MINUTE_S });
  const verified = new LRUCache<string, true>({ max: MAX_VERIFIED, ttl: VERIFIED_FOR_MS });
  const isOff = failuresPerMinute === 0;
  return {
    async waitMs(address) {
      if (isOff) return undefined;
      const known = await failures.get(networkOf(address));
      if (!known || known.consumedPoints < failuresPerMinute || known.msBeforeNext <= 0) return undefined;
      return known.msBeforeNext;
    },
    async recordFailure(address) {
      if (isOff) return undefined;
      const { consumedPoints, msBeforeNext } = await failures.penalty(networkOf(address));
      return consumedPoints > failuresPerMinute ? msBeforeNext : undefined;
    },
    async undoFailure(address) {
      if (!isOff) await failures.reward(networkOf(address));
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
