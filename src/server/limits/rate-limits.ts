import { hash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../auth/caller.ts';
import { RateLimited } from './refused.ts';

const MINUTE_S = 60;
/** A claim of a token may be long, and what is kept for a minute should not be. */
const LONGEST_ID = 64;

/** What callers may spend in a minute. A point is an upstream call that an operation could cause. */
export interface RateLimits {
  /** The most that one operation of this caller could ever spend. */
  most(caller: Caller): number;
  /**
   * Takes points from the caller and its tenant and tells how many the caller has left. Takes none, and throws
   * {@link RateLimited}, if one of the two has too few.
   */
  take(caller: Caller, points: number): Promise<number>;
}

/** `pointsPerMinute` holds for tenants whose own limits say nothing; 0 is no limit. */
export function createRateLimits(pointsPerMinute: number): RateLimits {
  // One for each number of points: the library has it in the limiter, not in the key.
  const limiters = new Map<number, RateLimiterMemory>();
  const limiterOf = (points: number) => {
    const known = limiters.get(points);
    if (known) return known;
    const limiter = new RateLimiterMemory({ points, duration: MINUTE_S });
    limiters.set(points, limiter);
    return limiter;
  };
  const pointsOf = ({ limits }: Caller) => limits.pointsPerMinute ?? pointsPerMinute;

  return {
    most: (caller) => shareOf(pointsOf(caller)) || Number.POSITIVE_INFINITY,
    async take(caller, points) {
      const ofTenant = pointsOf(caller);
      if (ofTenant === 0) return Number.POSITIVE_INFINITY;
      const own = new Budget(
        limiterOf(shareOf(ofTenant)),
        `caller ${caller.tenantId} ${shortened(caller.id)}`,
      );
      const shared = new Budget(limiterOf(ofTenant), `tenant ${caller.tenantId}`);
      const left = await own.take(points);
      try {
        return Math.min(left, await shared.take(points));
      } catch (error) {
        await own.giveBack(points);
        throw error;
      }
    },
  };
}

/** Half of its tenant's: one caller that runs wild leaves the others of its tenant as much as it took itself. */
const shareOf = (pointsOfTenant: number) => Math.ceil(pointsOfTenant / 2);

const shortened = (id: string) => (id.length > LONGEST_ID ? hash('sha256', id) : id);

class Budget {
  readonly #limiter: RateLimiterMemory;
  readonly #key: string;

  constructor(limiter: RateLimiterMemory, key: string) {
    this.#limiter = limiter;
    this.#key = key;
  }

  async take(points: number): Promise<number> {
    try {
      return (await this.#limiter.consume(this.#key, points)).remainingPoints;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      // It counts what it refuses, and a large operation must not take the rest from small ones.
      await this.giveBack(points);
      throw new RateLimited(error.msBeforeNext);
    }
  }

  async giveBack(points: number): Promise<void> {
    await this.#limiter.reward(this.#key, points);
  }
}
