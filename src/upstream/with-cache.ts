import { LRUCache } from 'lru-cache';
import type { Reads, UpstreamRead } from './endpoint.ts';
import type { RequestScope } from './request-scope.ts';

interface Entry {
  readonly value: unknown;
}

/** About what one parsed object with its key takes on the heap, and what one row of a list takes. */
const OBJECT_BYTES = 1024;
const ROW_BYTES = 192;

/**
 * Keeps answers for as long as their endpoint allows, within `maxBytes` per tenant. A thing that is absent (404) is
 * kept for a tenth of that. Errors are never kept.
 */
export function withCache(reads: Reads, maxBytes: number, now?: () => number): Reads {
  const entries = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }) => OBJECT_BYTES + (Array.isArray(value) ? ROW_BYTES * value.length : 0),
    // Its own clock is read once a millisecond; a clock that is given moves by hand.
    ...(now && { perf: { now }, ttlResolution: 0 }),
  });

  // A read that began before something was forgotten may bring what was true before.
  let age = 0;

  const fetch = <T>(read: UpstreamRead<T>, scope: RequestScope): Promise<T> => {
    const hit = entries.get(read.path);
    if (hit) {
      scope.cached++;
      return Promise.resolve(hit.value as T);
    }
    const askedAt = age;
    return reads.fetch(read, scope).then((value) => {
      if (askedAt !== age) return value;
      const ttl = value === null ? read.endpoint.ttlMs / 10 : read.endpoint.ttlMs;
      // One waiter of a shared flight has stored it already; storing it again would only renew its age.
      if (entries.peek(read.path)?.value !== value) entries.set(read.path, { value }, { ttl });
      return value;
    });
  };

  return {
    fetch,
    forget(pathPrefix) {
      age++;
      for (const path of entries.keys()) if (path.startsWith(pathPrefix)) entries.delete(path);
      reads.forget(pathPrefix);
    },
  };
}
