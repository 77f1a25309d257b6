import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { networkOf } from '../../config/ip-address.ts';

const MINUTE_S = 60;
const MOST_PROVED = 10_000;
const PROVED_FOR_MS = 60 * 60_000;

/** Bounds how often one address may fail to prove who asks. */
export interface AuthFailureLimit {
  /** How long this address has to wait; undefined when it need not. */
  waitMs(address: string): Promise<number | undefined>;
  /** Counts a failure; how long to wait when it is one too many, so that many at once are no way around. */
  recordFailure(address: string): Promise<number | undefined>;
  /** Takes a failure back that was noted before anybody could know. */
  undoFailure(address: string): Promise<void>;
  /** Notes that the upstream has accepted the keys of this owner. */
  markVerified(owner: string): void;
  /** Notes that the upstream has refused the keys of this owner. */
  forgetVerified(owner: string): void;
  isVerified(owner: string): boolean;
}

/**
 * After `failuresPerMinute` failures an address has to wait. Behind a proxy that is not in `TRUSTED_PROXIES` all callers
 * have one address, so this stops only what cannot be told apart from guessing: a gateway key or a signed token that is
 * good is let in all the same, as both are checked here and are too long to be guessed, and so is a caller whose own keys
 * the upstream has accepted within the last hour. 0 is no limit.
 */
export function createAuthFailureLimit(failuresPerMinute: number): AuthFailureLimit {
  const failures = new RateLimiterMemory({ points: failuresPerMinute, duration: MINUTE_S });
  const verified = new LRUCache<string, true>({ max: MOST_PROVED, ttl: PROVED_FOR_MS });
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
