import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Credentials } from '../auth/caller.ts';

const MINUTE_S = 60;
const MOST_PROVED = 10_000;
const PROVED_FOR_MS = 60 * 60_000;

/** Bounds how often one address may fail to prove who asks. */
export interface GuessingGuard {
  /** How long to wait, if these credentials of that address must not even be looked at now. */
  waitMs(address: string, credentials: Credentials): Promise<number | undefined>;
  failed(address: string): Promise<void>;
  proved(credentials: Credentials): void;
}

/**
 * After `failuresPerMinute` failures an address has to wait, so that keys cannot be guessed faster. Behind a proxy all
 * callers have one address: whoever proved itself within the last hour, by the very same credentials, is let through to
 * be checked as always, and one stranger does not lock the others out. 0 is no limit.
 */
export function createGuessingGuard(failuresPerMinute: number): GuessingGuard {
  const failures = new RateLimiterMemory({ points: failuresPerMinute, duration: MINUTE_S });
  // Hashes, and by a plain hash: what is kept here lets nobody in.
  const proved = new LRUCache<string, true>({ max: MOST_PROVED, ttl: PROVED_FOR_MS });
  const isOff = failuresPerMinute === 0;
  return {
    async waitMs(address, credentials) {
      if (isOff) return undefined;
      const known = await failures.get(address);
      if (!known || known.consumedPoints < failuresPerMinute || known.msBeforeNext <= 0) return undefined;
      return proved.has(fingerprint(credentials)) ? undefined : known.msBeforeNext;
    },
    async failed(address) {
      if (!isOff) await failures.penalty(address);
    },
    proved(credentials) {
      if (!isOff) proved.set(fingerprint(credentials), true);
    },
  };
}

const parts = ['authorization', 'vipps-client-id', 'vipps-client-secret', 'ocp-apim-subscription-key'];

const fingerprint = ({ header }: Credentials) =>
  hash('sha256', JSON.stringify(parts.map((name) => header(name) ?? null)));
