import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { networkOf } from '../../config/ip-address.ts';

const MINUTE_S = 60;
const MOST_PROVED = 10_000;
const PROVED_FOR_MS = 60 * 60_000;

/** Bounds how often one address may fail to prove who asks. */
export interface GuessingGuard {
  /** How long this address has to wait; undefined when it need not. */
  waitMs(address: string): Promise<number | undefined>;
  /** Counts a failure; how long to wait when it is one too many, so that many at once are no way around. */
  failed(address: string): Promise<number | undefined>;
  /** Takes a failure back that was noted before anybody could know. */
  forgive(address: string): Promise<void>;
  /** Notes that the upstream has accepted this visitor's keys; told again by {@link GuessingGuard.isProved}. */
  proved(visitor: string): void;
  /** Notes that the upstream has refused this visitor's keys since. */
  disproved(visitor: string): void;
  isProved(visitor: string): boolean;
}

/**
 * After `failuresPerMinute` failures an address has to wait. Behind a proxy that is not in `TRUSTED_PROXIES` all callers
 * have one address, so this stops only what cannot be told apart from guessing: a gateway key or a signed token that is
 * good is let in all the same, as both are checked here and are too long to be guessed, and so is a visitor whose keys
 * the upstream has accepted within the last hour. 0 is no limit.
 */
export function createGuessingGuard(failuresPerMinute: number): GuessingGuard {
  const failures = new RateLimiterMemory({ points: failuresPerMinute, duration: MINUTE_S });
  const visitors = new LRUCache<string, true>({ max: MOST_PROVED, ttl: PROVED_FOR_MS });
  const isOff = failuresPerMinute === 0;
  return {
    async waitMs(address) {
      if (isOff) return undefined;
      const known = await failures.get(networkOf(address));
      if (!known || known.consumedPoints < failuresPerMinute || known.msBeforeNext <= 0) return undefined;
      return known.msBeforeNext;
    },
    async failed(address) {
      if (isOff) return undefined;
      const { consumedPoints, msBeforeNext } = await failures.penalty(networkOf(address));
      return consumedPoints > failuresPerMinute ? msBeforeNext : undefined;
    },
    async forgive(address) {
      if (!isOff) await failures.reward(networkOf(address));
    },
    proved(visitor) {
      if (!isOff) visitors.set(visitor, true);
    },
    disproved(visitor) {
      visitors.delete(visitor);
    },
    isProved: (visitor) => visitors.has(visitor),
  };
}
