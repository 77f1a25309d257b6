import { LRUCache } from 'lru-cache';
import type { PointsGranted, PointsReturned } from '../protocol.ts';

/** Points of one owner that this worker may spend without asking. */
export interface Lease {
  /** The minute that they belong to, as the primary counts minutes. */
  readonly minute: number;
  /** When that is over, in the time of `performance.now()`. */
  readonly until: number;
  points: number;
  /** What running operations have reserved. */
  reserved: number;
  /** What the primary had left when it was last asked. */
  leftElsewhere: number;
  /** Until then points that are not needed go back at once, since others wait for them. */
  wantedUntil: number;
}

const MOST_OWNERS = 100_000;
const WANTED_MS = 1_000;
const MINUTE_MS = 60_000;

/** The leases of one worker, by the key of their owner. */
export class Leases {
  readonly #leases = new LRUCache<string, Lease>({ max: MOST_OWNERS });

  /** Returns the lease of the current minute; undefined if there is none. */
  of(key: string): Lease | undefined {
    const lease = this.#leases.get(key);
    return lease && performance.now() < lease.until ? lease : undefined;
  }

  /** Adds what was granted. `askedAt`: when, so that no lease outlasts its minute. */
  add(
    key: string,
    points: number,
    { left, minute, ms }: PointsGranted['minutes'][number],
    askedAt: number,
  ): Lease {
    const known = this.of(key);
    if (known?.minute === minute) {
      known.points += points;
      known.leftElsewhere = left;
      return known;
    }
    const until = askedAt + Math.min(ms, MINUTE_MS);
    const lease = { minute, until, points, reserved: 0, leftElsewhere: left, wantedUntil: 0 };
    this.#leases.set(key, lease);
    return lease;
  }

  /** Gives up what is not needed, because others need it. */
  giveUp(key: string): PointsReturned {
    const lease = this.of(key);
    if (!lease) return { points: 0, minute: 0, reserved: 0 };
    const { points, minute, reserved } = lease;
    lease.points = 0;
    lease.wantedUntil = performance.now() + WANTED_MS;
    return { points, minute, reserved };
  }
}
