import type { Caller } from '../auth/caller.ts';
import { pointsOf } from '../limits/points.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { SentEvent } from './sent-event.ts';

/** Takes the points of events. Throws `RateLimited` if the caller or its tenant has too few. */
export type Pay = (events: readonly SentEvent[]) => void;

/**
 * Events cost what they cause, at the prices of queries. Most cost a part of a point, so parts are added up until they make
 * a point.
 */
export function createPay(rateLimits: RateLimits, caller: Caller): Pay {
  let owed = 0;
  return (events) => {
    for (const { json, spent } of events) owed += pointsOf({ ...spent, bytes: json.length });
    const points = Math.floor(owed);
    if (points === 0) return;
    rateLimits.take(caller, points);
    owed -= points;
  };
}
