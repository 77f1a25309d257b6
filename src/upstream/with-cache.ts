import { LRUCache } from 'lru-cache';
import type { Fetch, UpstreamRead } from './endpoint.ts';
import type { RequestScope } from './request-scope.ts';

interface Entry {
  readonly value: unknown;
}

/** A stand-in for an entry's size where the value does not tell: keys, object headers and the map's own share. */
const ENTRY_BYTES = 512;

/**
 * Keeps answers for as long as their endpoint allows, within `maxBytes` per tenant. A thing that is absent (404) is
 * kept for a tenth of that. Errors are never kept.
 */
export function withCache(fetch: Fetch, maxBytes: number, now?: () => number): Fetch {
  const entries = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }) => ENTRY_BYTES * (Array.isArray(value) ? value.length + 1 : 1),
    ...(now && { perf: { now } }),
  });

  return <T>(read: UpstreamRead<T>, scope: RequestScope): Promise<T> => {
    const hit = entries.get(read.path);
    if (hit) {
      scope.cached++;
      return Promise.resolve(hit.value as T);
    }
    return fetch(read, scope).then((value) => {
      const ttl = value === null ? read.endpoint.ttlMs / 10 : read.endpoint.ttlMs;
      // One waiter of a shared flight has stored it already; storing it again would only renew its age.
      if (entries.peek(read.path)?.value !== value) entries.set(read.path, { value }, { ttl });
      return value;
    });
  };
}
