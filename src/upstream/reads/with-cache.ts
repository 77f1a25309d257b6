import type { Observer } from '../../telemetry/observer.ts';
import type { CallTracker } from '../call-tracker.ts';
import type { Reads, UpstreamRead } from '../endpoint.ts';
import type { TenantKey } from '../keys/tenant-key.ts';
import type { AnswerCache, Invalidations } from './answer-cache.ts';

interface Options {
  readonly cache: AnswerCache;
  readonly observer: Observer;
}

/**
 * Keeps the answers of one tenant for as long as their endpoint allows, and «not found» for a tenth of that. Errors are
 * never kept.
 */
export function withCache(tenant: TenantKey, reads: Reads, { cache, observer }: Options): Reads {
  let own: Invalidations | undefined;
  const known = () => {
    own ??= cache.invalidationsOf(tenant);
    return own;
  };
  // Created with the first answer or invalidation: unproved keys must not push those of other tenants out.
  const knownOrCreated = () => {
    const found = known() ?? { generation: 0, byPrefix: new Map() };
    if (!own) cache.keepInvalidations(tenant, found);
    own = found;
    return found;
  };
  // A read that began before an invalidation may bring an answer from before it.
  const isFresh = (path: string, generation: number) => {
    for (const [prefix, since] of known()?.byPrefix ?? [])
      if (generation < since && path.startsWith(prefix)) return false;
    return true;
  };

  const fetch = <T>(read: UpstreamRead<T>, tracker: CallTracker): Promise<T> => {
    const cacheKey = tenant + read.path;
    const hit = cache.get(cacheKey);
    if (hit && isFresh(read.path, hit.generation)) {
      tracker.cached++;
      observer.readServed(read.endpoint.route, 'cache');
      return Promise.resolve(hit.value as T);
    }
    const generation = known()?.generation ?? 0;
    return reads.fetch(read, tracker).then((value) => {
      if (!isFresh(read.path, generation)) return value;
      knownOrCreated();
      const ttlMs = value === null ? read.endpoint.ttlMs / 10 : read.endpoint.ttlMs;
      // Another waiter of the same flight may have stored it already; storing it again would extend its life.
      if (cache.get(cacheKey)?.value !== value) cache.set(cacheKey, { value, generation }, ttlMs);
      return value;
    });
  };

  return {
    fetch,
    invalidate(pathPrefix) {
      const invalidations = knownOrCreated();
      invalidations.byPrefix.set(pathPrefix, ++invalidations.generation);
      reads.invalidate(pathPrefix);
    },
  };
}
