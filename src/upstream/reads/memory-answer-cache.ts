import { LRUCache } from 'lru-cache';
import type { TenantKey } from '../keys/tenant-key.ts';
import type { AnswerCache, CachedAnswer, Invalidations } from './answer-cache.ts';
import { weigh } from './answer-weight.ts';

const MOST_TENANTS = 10_000;

export interface MemoryAnswerCacheOptions {
  readonly maxBytes: number;
  /** Milliseconds; set in tests, which move the clock by hand. */
  readonly now?: () => number;
  /** Bytes that an answer takes together with its cache key. */
  readonly weigh?: (cacheKey: string, value: unknown) => number;
}

/** Returns a cache in the memory of the process that drops the least recently used answers when it is full. */
export function createMemoryAnswerCache(options: MemoryAnswerCacheOptions): AnswerCache {
  const { maxBytes, now, weigh: weighAnswer = weigh } = options;
  const answers = new LRUCache<string, CachedAnswer>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }, cacheKey) => weighAnswer(cacheKey, value),
    dispose({ onDropped }, _cacheKey, reason) {
      if (reason === 'evict') onDropped?.();
    },
    // By default lru-cache reads its clock once a millisecond at most.
    ...(now && { perf: { now }, ttlResolution: 0 }),
  });
  const invalidations = new LRUCache<TenantKey, Invalidations>({ max: MOST_TENANTS });
  return {
    get: (cacheKey) => answers.get(cacheKey),
    set: (cacheKey, answer, ttl) => void answers.set(cacheKey, answer, { ttl }),
    delete: (cacheKey) => void answers.delete(cacheKey),
    invalidationsOf: (tenant) => invalidations.get(tenant),
    keepInvalidations: (tenant, given) => void invalidations.set(tenant, given),
    purgeExpired: () => void answers.purgeStale(),
    get size() {
      return answers.size;
    },
    get bytes() {
      return answers.calculatedSize;
    },
  };
}
