import { LRUCache } from 'lru-cache';
import type { Observer } from '../../telemetry/observer.ts';
import type { CallTracker } from '../../upstream/call-tracker.ts';
import type { Reads, UpstreamRead } from '../../upstream/endpoint.ts';
import type { TenantKey } from '../../upstream/keys/tenant-key.ts';
import { noteTextBytes } from '../../upstream/reads/answer-weight.ts';
import { createMemoryAnswerCache } from '../../upstream/reads/memory-answer-cache.ts';
import type { CallResult, Dropped } from '../protocol.ts';

/** What was dropped of one tenant. Numbers count drops: an answer that was asked for before a drop is not used after it. */
interface Drops {
  readonly since: number;
  /** See `Reads.version`. */
  version: number;
  readonly prefixes: Map<string, number>;
  readonly paths: Map<string, number>;
  /** Another one has taken its place, without the copies from before. */
  isForgotten: boolean;
}

/** Asks the primary. Throws what it throws. */
export type AskPrimary = (
  read: UpstreamRead<unknown>,
  tracker: CallTracker,
) => Promise<Pick<CallResult, 'value' | 'ageMs' | 'freshMs' | 'textBytes'>>;

/** Copies of answers that the primary has, of all tenants. */
export interface Replica {
  /** The reads of one tenant. */
  reads(key: TenantKey, ask: AskPrimary, observer: Observer): Reads;
  drop(dropped: readonly Dropped[]): void;
  purgeExpired(): void;
}

const MOST_TENANTS = 50_000;
const MOST_PATHS = 10_000;
/** Times of one answer differ by what the way between the processes takes. */
const SAME_MS = 1_000;

/**
 * Keeps copies of answers for as long as they are fresh, so that this process answers without asking. Everything else is
 * decided by the cache of the primary: which stale answer may be used, and what is read again. 0 bytes keep nothing.
 */
export function createReplica(maxBytes: number): Replica {
  const copies = maxBytes > 0 ? createMemoryAnswerCache({ maxBytes }) : undefined;
  const tenants = new LRUCache<TenantKey, Drops>({
    max: MOST_TENANTS,
    dispose: (drops) => {
      drops.isForgotten = true;
    },
  });
  let count = 0;

  const dropsOf = (key: TenantKey): Drops => {
    const known = tenants.get(key);
    if (known) return known;
    const since = ++count;
    const drops = { since, version: since, prefixes: new Map(), paths: new Map(), isForgotten: false };
    tenants.set(key, drops);
    return drops;
  };
  const isCurrent = ({ since, prefixes, paths }: Drops, path: string, askedAt: number) => {
    if (askedAt < since || askedAt < (paths.get(path) ?? 0)) return false;
    for (const [prefix, at] of prefixes) if (askedAt < at && path.startsWith(prefix)) return false;
    return true;
  };

  return {
    reads(key, ask, observer) {
      let own = dropsOf(key);
      const dropsNow = () => {
        if (own.isForgotten) own = dropsOf(key);
        return own;
      };
      const move = () => {
        dropsNow().version = ++count;
      };
      const known = <T>(read: UpstreamRead<T>, tracker: CallTracker): T | undefined => {
        const copy = copies?.get(key + read.path);
        if (!copy || !isCurrent(dropsNow(), read.path, copy.generation)) return undefined;
        const now = performance.now();
        const { maxAgeMs } = tracker.freshness ?? {};
        if (now > copy.freshUntil || (maxAgeMs !== undefined && now - copy.readAt > maxAgeMs))
          return undefined;
        tracker.servedFromCache(read.endpoint.route);
        tracker.uses(copy.readAt, copy.freshUntil);
        observer.readServed(read.endpoint.route, 'cache');
        return copy.value as T;
      };
      const fetch = async <T>(read: UpstreamRead<T>, tracker: CallTracker): Promise<T> => {
        const copy = known(read, tracker);
        if (copy !== undefined) return copy;
        const drops = dropsNow();
        const generation = count;
        const { value, ageMs, freshMs, textBytes } = await ask(read, tracker);
        if (freshMs === Number.NEGATIVE_INFINITY) tracker.usesLive();
        if (ageMs === undefined || freshMs === undefined) return value as T;
        const readAt = performance.now() - ageMs;
        const freshUntil = performance.now() + freshMs;
        tracker.uses(readAt, freshUntil);
        tracker.noteRead(read.endpoint.route);
        if (copies && !drops.isForgotten && freshMs > 0 && isCurrent(drops, read.path, generation)) {
          if (textBytes !== undefined) noteTextBytes(value, textBytes);
          const before = copies.get(key + read.path);
          // Asked for twice at a time. One that differs has been dropped.
          if (
            before &&
            before.freshUntil > freshUntil - SAME_MS &&
            isCurrent(drops, read.path, before.generation)
          )
            return value as T;
          copies.set(key + read.path, { value, generation, readAt, freshUntil, onDropped: move }, freshMs);
        }
        return value as T;
      };
      return { known, fetch, version: () => dropsNow().version, invalidate: () => {} };
    },
    drop(dropped) {
      for (const { key, path, isPrefix } of dropped) {
        const drops = tenants.get(key);
        if (!drops) continue;
        const at = ++count;
        drops.version = at;
        if (isPrefix) drops.prefixes.set(path, at);
        else if (drops.paths.size < MOST_PATHS) drops.paths.set(path, at);
        else {
          drops.prefixes.set('', at);
          drops.paths.clear();
        }
        if (!isPrefix) copies?.delete(key + path);
      }
    },
    purgeExpired: () => copies?.purgeExpired(),
  };
}
