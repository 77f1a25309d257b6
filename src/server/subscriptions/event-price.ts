import type { Caller } from '../auth/caller.ts';
import { pointsOf } from '../limits/points.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { SentEvent } from './sent-event.ts';

/** Takes the points of the events of one subscription. */
export interface EventPrice {
  /** Throws `RateLimited` if the caller or its tenant has spent more than it had. Call it before events are made. */
  require(): Promise<void> | undefined;
  /** Charges events that have been made. */
  pay(events: readonly SentEvent[]): void;
}

/**
 * Events cost what they cause, at the prices of queries. Most cost a part of a point, so parts are added up until they make
 * a point. They are paid for when they have been made: then they are sent, and the next ones wait.
 */
export function createEventPrice(rateLimits: RateLimits, caller: Caller): EventPrice {
  let owed = 0;
  return {
    require: () => rateLimits.take(caller, 0),
    pay(events) {
      for (const { json, spent } of events) owed += pointsOf({ ...spent, bytes: json.length });
      const points = Math.floor(owed);
      owed -= points;
      if (points > 0) rateLimits.charge(caller, points);
    },
  };
}
