import type { Caller } from '../../server/auth/caller.ts';
import { RateLimited } from '../../server/errors/request-errors.ts';
import {
  limitsOf,
  mostFor,
  type PointsLimit,
  type RateLimits,
  REFUNDABLE_MS,
  type Reservation,
} from '../../server/limits/rate-limits.ts';
import type { Cancellation } from '../../upstream/cancellation.ts';
import type { Channel } from '../channel.ts';
import type { PointsGranted } from '../protocol.ts';
import { type Lease, Leases } from './leases.ts';

/** How often an operation that waits for points of others asks again. */
const ASK_EVERY_MS = 20;
/** After a refusal, the primary is not asked again for so long: a caller that floods must not cost it anything. */
const REFUSED_MS = 100;

/** With a key that no other kind of owner has. */
type Owned = PointsLimit;

interface Refusal {
  readonly points: number;
  readonly error: RateLimited;
  readonly until: number;
}

/** The rate limits of one worker: points come in blocks from the primary, which has those of all workers. */
export function createSharedRateLimits(channel: Channel, pointsPerMinute: number): RateLimits {
  const leases = new Leases();
  const asking = new Map<string, Promise<void>>();
  const refusals = new Map<string, Refusal>();
  /** Points requested from the primary and not granted yet. They are reserved as soon as they arrive. */
  const asked = new Map<string, number>();
  channel.handle('returnPoints', (keys) =>
    keys.map((key) => {
      const returned = leases.giveUp(key);
      return { ...returned, reserved: returned.reserved + (asked.get(key) ?? 0) };
    }),
  );
  const noteAsked = (owners: readonly Owned[], points: number) => {
    for (const { key } of owners) {
      const sum = (asked.get(key) ?? 0) + points;
      if (sum > 0) asked.set(key, sum);
      else asked.delete(key);
    }
  };

  const known = new WeakMap<Caller, readonly Owned[]>();
  const ownersOf = (caller: Caller): readonly Owned[] => {
    let owners = known.get(caller);
    if (!owners) {
      const limits = limitsOf(caller, pointsPerMinute);
      owners = limits.map((limit) => ({ ...limit, key: `${limit.owner} ${limit.key}` }));
      known.set(caller, owners);
    }
    return owners;
  };
  const hasSome = (owners: readonly Owned[]) => owners.every(({ key }) => (leases.of(key)?.points ?? 0) > 0);
  const spend = (owners: readonly Owned[], points: number): readonly Lease[] | undefined => {
    const found: Lease[] = [];
    for (const { key } of owners) {
      const lease = leases.of(key);
      if (!lease || lease.points < points) return undefined;
      found.push(lease);
    }
    for (const lease of found) lease.points -= points;
    return found;
  };

  /** Gets points from the primary. Throws {@link RateLimited}. Returns whether to wait for other operations. */
  const ask = async (owners: readonly Owned[], points: number): Promise<boolean> => {
    const askedAt = performance.now();
    noteAsked(owners, points);
    const needed = owners.map(({ key, most }) => ({ key, most, points }));
    const answer = await channel.request('points', needed).finally(() => noteAsked(owners, -points));
    if (answer.granted) {
      for (const [index, { key }] of owners.entries()) keep(key, answer, index, askedAt);
      return false;
    }
    const short = owners[answer.short];
    const ms = Math.ceil(answer.minutes[answer.short]?.ms ?? 0);
    if (!short || answer.mayFit) return true;
    const error = new RateLimited(short.owner, ms);
    refusals.set(short.key, { points, error, until: performance.now() + Math.min(REFUSED_MS, ms) });
    setTimeout(() => refusals.delete(short.key), REFUSED_MS).unref();
    throw error;
  };
  const keep = (key: string, { granted, minutes }: PointsGranted, index: number, askedAt: number) => {
    const minute = minutes[index];
    if (minute) leases.add(key, granted?.[index] ?? 0, minute, askedAt);
  };
  const requireNotRefused = (owners: readonly Owned[], points: number) => {
    for (const { key } of owners) {
      const refusal = refusals.get(key);
      if (refusal && points >= refusal.points && performance.now() < refusal.until) throw refusal.error;
    }
  };

  /** Resolves to the leases that the points were taken from. `end` allows to wait for running operations. */
  const takeFrom = async (
    owners: readonly Owned[],
    points: number,
    end?: Cancellation,
  ): Promise<readonly Lease[]> => {
    const name = owners[0]?.key ?? '';
    for (;;) {
      const taken = spend(owners, points);
      if (taken) return taken;
      requireNotRefused(owners, points);
      const other = asking.get(name);
      if (other) {
        await other.catch(() => {});
        continue;
      }
      let mustWait = false;
      const own = ask(owners, points).then((waits) => {
        mustWait = waits;
      });
      asking.set(name, own);
      await own.finally(() => asking.delete(name));
      if (mustWait && !end) throw new RateLimited(owners[0]?.owner ?? 'caller', REFUSED_MS);
      if (mustWait && end) await pause(end);
    }
  };

  const charge = (owners: readonly Owned[], points: number) => {
    const spent = owners.flatMap(({ key }) => {
      const lease = leases.of(key);
      const own = Math.min(points, lease?.points ?? 0);
      if (lease) lease.points -= own;
      return own < points ? [{ key, points: points - own }] : [];
    });
    if (spent.length > 0) channel.notify('spent', spent);
  };

  const reservation = (owners: readonly Owned[], from: readonly Lease[], points: number): Reservation => {
    const startedAt = performance.now();
    for (const lease of from) lease.reserved += points;
    return {
      settle(charged) {
        if (charged > points) charge(owners, charged - points);
        const isRefundable = performance.now() - startedAt < REFUNDABLE_MS;
        for (const [index, { key }] of owners.entries()) {
          const lease = from[index];
          if (!lease) continue;
          lease.reserved -= points;
          if (charged >= points || !isRefundable || leases.of(key) !== lease) continue;
          lease.points += points - charged;
          if (performance.now() >= lease.wantedUntil) continue;
          channel.notify('givenBack', [{ key, points: lease.points, minute: lease.minute }]);
          lease.points = 0;
        }
        return Math.max(0, Math.min(...owners.map(({ key, most }) => leftOf(leases.of(key), most))));
      },
    };
  };

  return {
    most: (caller) => mostFor(caller, pointsPerMinute),
    take(caller, points) {
      const owners = ownersOf(caller);
      if (owners.length === 0) return undefined;
      // Without points, a worker does not know whether more were spent than there are.
      if (points === 0) return hasSome(owners) ? undefined : ask(owners, 0).then(() => {});
      if (spend(owners, points)) return undefined;
      return takeFrom(owners, points).then(() => {});
    },
    charge: (caller, points) => charge(ownersOf(caller), points),
    reserveAtOnce(caller, points) {
      const owners = ownersOf(caller);
      const from = points === 0 ? [] : spend(owners, points);
      return from && reservation(owners, from, points);
    },
    spend(caller, needed, charged) {
      return this.reserveAtOnce(caller, needed)?.settle(charged);
    },
    async reserve(caller, points, end) {
      const owners = ownersOf(caller);
      return reservation(
        owners,
        points === 0 ? [] : (spend(owners, points) ?? (await takeFrom(owners, points, end))),
        points,
      );
    },
  };
}

const leftOf = (lease: Lease | undefined, most: number) =>
  lease ? lease.points + lease.leftElsewhere : most;

const pause = (end: Cancellation) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      unsubscribe();
      resolve();
    }, ASK_EVERY_MS);
    const unsubscribe = end.subscribe((reason) => {
      clearTimeout(timer);
      reject(reason);
    });
  });
