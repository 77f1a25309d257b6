import { isDeepStrictEqual } from 'node:util';
import type { Observer } from '../../telemetry/observer.ts';
import { CallTracker } from '../call-tracker.ts';
import type { Reads, UpstreamRead } from '../endpoint.ts';
import {
  CircuitOpen,
  QueueFull,
  UpstreamRateLimited,
  UpstreamUnauthorized,
  UpstreamUnavailable,
} from '../errors.ts';
import type { TenantKey } from '../keys/tenant-key.ts';
import type { AnswerArchive } from './answer-archive.ts';
import type { AnswerCache, CachedAnswer, Invalidations } from './answer-cache.ts';
import type { Freshness } from './freshness.ts';

export type OnDrop = (path: string, isPrefix: boolean) => void;

export interface CacheOptions {
  readonly cache: AnswerCache;
  readonly observer: Observer;
  /** How long after its fresh time an answer is returned when the upstream fails, in milliseconds. */
  readonly maxStaleMs: number;
  /** Knows answers that the cache has lost. */
  readonly archive?: AnswerArchive | undefined;
  /** Called when copies of an answer elsewhere must not be used any more: of one path, or of all with a prefix. */
  readonly onDrop?: OnDrop | undefined;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** «Not found» is fresh for this part of the time of an answer. */
const ABSENT_SHARE = 0.1;
/** Answers that were read together must not expire together. */
const JITTER = 0.1;
/** Rows of a list that are compared with those before. */
const MOST_COMPARED = 200;

/**
 * Keeps the answers of one tenant. An answer is returned while it is fresh; for as long again it is returned at once and
 * read again in the background; and while the upstream fails it is returned for `maxStaleMs`. «Not found» and refused keys
 * end that. The caller's `Cache-Control` takes precedence. Errors are never kept.
 */
export function withCache(tenant: TenantKey, reads: Reads, options: CacheOptions): Reads {
  const {
    cache,
    observer,
    maxStaleMs,
    archive,
    onDrop = () => {},
    now = () => performance.now(),
    random = Math.random,
  } = options;
  const refreshing = new Set<string>();
  /** When each path prefix was last invalidated, in milliseconds since 1970. */
  const invalidatedAt = new Map<string, number>();
  let own: Invalidations | undefined;
  const invalidations = () => {
    own ??= cache.invalidationsOf(tenant);
    return own;
  };
  // Created with the first answer or invalidation: unproved keys must not push those of other tenants out.
  const invalidationsOrNew = () => {
    const found = invalidations() ?? { generation: 0, version: 0, byPrefix: new Map() };
    if (!own) cache.keepInvalidations(tenant, found);
    own = found;
    return found;
  };
  const moveVersion = () => {
    invalidationsOrNew().version++;
  };
  // A read that began before an invalidation may bring an answer from before it.
  const isCurrent = (path: string, generation: number) => {
    for (const [prefix, since] of invalidations()?.byPrefix ?? [])
      if (generation < since && path.startsWith(prefix)) return false;
    return true;
  };

  const keep = <T>(read: UpstreamRead<T>, value: T, generation: number, readAt: number) => {
    if (!isCurrent(read.path, generation)) return;
    invalidationsOrNew();
    const cacheKey = tenant + read.path;
    // Another waiter of the same flight may have stored it already; storing it again would extend its life.
    const before = cache.get(cacheKey);
    if (before?.value === value && value !== null) return;
    if (before && !isSame(before.value, value)) {
      moveVersion();
      if (now() < before.freshUntil) onDrop(read.path, false);
    }
    const { ttlMs } = read.endpoint;
    const freshMs = freshTime(read, value) * (1 - JITTER * random());
    const staleMs = value === null ? 0 : Math.max(maxStaleMs, ttlMs);
    const answer = { value, generation, readAt, freshUntil: readAt + freshMs, onDropped: moveVersion };
    cache.set(cacheKey, answer, freshMs + staleMs);
  };

  const call = async <T>(read: UpstreamRead<T>, tracker: CallTracker): Promise<T> => {
    const generation = invalidations()?.generation ?? 0;
    const readAt = now();
    try {
      const value = await reads.fetch(read, tracker);
      tracker.noteRead(read.endpoint.route);
      keep(read, value, generation, readAt);
      // Another waiter of the same flight may have begun it earlier.
      const kept = value === null ? undefined : cache.get(tenant + read.path);
      if (kept?.value === value) tracker.uses(kept.readAt, kept.freshUntil);
      else tracker.uses(readAt, readAt + freshTime(read, value) * (1 - JITTER));
      return value;
    } catch (error) {
      if (error instanceof UpstreamUnauthorized) {
        cache.delete(tenant + read.path);
        moveVersion();
        onDrop(read.path, false);
      }
      throw error;
    }
  };

  const refresh = (read: UpstreamRead<unknown>) => {
    const cacheKey = tenant + read.path;
    if (refreshing.has(cacheKey)) return;
    refreshing.add(cacheKey);
    const done = () => refreshing.delete(cacheKey);
    // Its failure is not one of the operation, which has its answer.
    call(read, new CallTracker('refresh', { priority: 'background' })).then(done, done);
  };

  const use = <T>(
    { value, readAt, freshUntil }: CachedAnswer,
    read: UpstreamRead<T>,
    tracker: CallTracker,
  ): T => {
    tracker.servedFromCache(read.endpoint.route);
    tracker.uses(readAt, freshUntil);
    observer.readServed(read.endpoint.route, 'cache');
    return value as T;
  };

  const hitOf = ({ path }: UpstreamRead<unknown>) => {
    const found = cache.get(tenant + path);
    return found && isCurrent(path, found.generation) ? found : undefined;
  };

  const known = <T>(read: UpstreamRead<T>, tracker: CallTracker): T | undefined => {
    const hit = hitOf(read);
    const age = hit ? ageOf(hit, read, now(), tracker.freshness) : 'expired';
    if (!hit || age === 'expired') return undefined;
    if (age === 'stale') {
      observer.staleServed(read.endpoint.route);
      refresh(read);
    }
    return use(hit, read, tracker);
  };

  /** Returns an answer of the archive as one of the cache, where it stays. */
  const archived = async ({ path, subject, endpoint }: UpstreamRead<unknown>) => {
    const generation = invalidations()?.generation ?? 0;
    const found = subject && (await archive?.find(subject));
    if (!found || found.value === null || !isCurrent(path, generation)) return undefined;
    for (const [prefix, at] of invalidatedAt)
      if (path.startsWith(prefix) && found.readAt <= at) return undefined;
    const readAt = now() - Math.max(0, Date.now() - found.readAt);
    const answer = { value: found.value, generation, readAt, freshUntil: readAt + endpoint.ttlMs };
    invalidationsOrNew();
    cache.set(tenant + path, answer, Math.max(maxStaleMs, endpoint.ttlMs));
    return answer;
  };

  const fetch = async <T>(read: UpstreamRead<T>, tracker: CallTracker): Promise<T> => {
    const value = known(read, tracker);
    if (value !== undefined) return value;
    // Fresh answers are in memory. Only a caller that takes old ones may have to wait for the disk.
    const { maxStaleMs: takesStale = 0, onlyIfCached } = tracker.freshness ?? {};
    if ((takesStale > 0 || onlyIfCached) && !hitOf(read) && (await archived(read))) {
      const old = known(read, tracker);
      if (old !== undefined) return old;
    }
    try {
      return await call(read, tracker);
    } catch (error) {
      if (!isOutage(error)) throw error;
      // What was too old before the call; it may be gone by now, removed by a refusal, or replaced.
      const left = hitOf(read) ?? (await archived(read));
      const lasts = left && now() < left.freshUntil + maxStaleMs;
      if (!lasts || left.value === null || isTooOld(left, now(), tracker.freshness)) throw error;
      observer.staleServed(read.endpoint.route);
      return use(left, read, tracker);
    }
  };

  return {
    fetch,
    known,
    version: () => invalidations()?.version ?? 0,
    invalidate(pathPrefix) {
      const kept = invalidationsOrNew();
      kept.byPrefix.set(pathPrefix, ++kept.generation);
      kept.version++;
      invalidatedAt.set(pathPrefix, Date.now());
      reads.invalidate(pathPrefix);
      onDrop(pathPrefix, true);
    },
  };
}

/** Whether the upstream said the same again. Comparing a long list takes longer than what it would save. */
const isSame = (before: unknown, after: unknown) =>
  !(Array.isArray(after) && after.length > MOST_COMPARED) && isDeepStrictEqual(before, after);

/** Returns how long an answer is fresh, in milliseconds. */
const freshTime = ({ endpoint }: UpstreamRead<unknown>, value: unknown) =>
  endpoint.ttlMs * (value === null ? ABSENT_SHARE : 1);

/** `stale`: may be used, and must be read again. `expired`: only if the upstream fails. */
function ageOf(
  { value, readAt, freshUntil }: CachedAnswer,
  { endpoint }: UpstreamRead<unknown>,
  now: number,
  { maxAgeMs, maxStaleMs = 0 }: Freshness = {},
): 'fresh' | 'stale' | 'expired' {
  if (maxAgeMs !== undefined && now - readAt > maxAgeMs) return 'expired';
  const overdue = now - freshUntil;
  if (overdue <= 0) return 'fresh';
  if (value === null) return 'expired';
  if (overdue <= maxStaleMs) return 'stale';
  return maxAgeMs === undefined && overdue <= endpoint.ttlMs ? 'stale' : 'expired';
}

/** `max-age` alone is a limit. With `max-stale` it is a preference, which an answer may exceed by that much. */
const isTooOld = ({ readAt }: CachedAnswer, now: number, { maxAgeMs, maxStaleMs = 0 }: Freshness = {}) =>
  maxAgeMs !== undefined && now - readAt > maxAgeMs + maxStaleMs;

function isOutage(error: unknown): boolean {
  return (
    error instanceof UpstreamUnavailable ||
    error instanceof UpstreamRateLimited ||
    error instanceof CircuitOpen ||
    error instanceof QueueFull
  );
}
