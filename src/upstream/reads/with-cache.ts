import { LRUCache } from 'lru-cache';
import type { CallTracker } from '../call-tracker.ts';
import type { Reads, UpstreamRead } from '../endpoint.ts';
import type { TenantKey } from '../keys/tenant-key.ts';
import { weigh } from './answer-weight.ts';

interface Entry {
  readonly value: unknown;
  /** How often its tenant had forgotten something when it was asked for. */
  readonly age: number;
}

/** What one tenant has forgotten, by the beginning of its paths. */
interface Ages {
  now: number;
  readonly forgotten: Map<string, number>;
}

/** What is kept for all tenants together, so that the bound on it holds for the process. */
export interface AnswerCache {
  readonly entries: LRUCache<string, Entry>;
  /** Beside the entries and not with the tenant, which may be made anew while they stay. */
  readonly ages: LRUCache<TenantKey, Ages>;
}

const MOST_TENANTS = 10_000;

/** `now`: a clock that is moved by hand, for tests. */
export function createAnswerCache(maxBytes: number, now?: () => number): AnswerCache {
  return {
    entries: new LRUCache<string, Entry>({
      maxSize: maxBytes,
      sizeCalculation: ({ value }, key) => weigh(key, value),
      // Its own clock is read once a millisecond; a clock that is given moves by hand.
      ...(now && { perf: { now }, ttlResolution: 0 }),
    }),
    ages: new LRUCache({ max: MOST_TENANTS }),
  };
}

/**
 * Keeps answers for as long as their endpoint allows. A thing that is absent (404) is kept for a tenth of that. Errors
 * are never kept. Entries begin with the key of their tenant, whose instance this is.
 */
export function withCache(tenant: TenantKey, reads: Reads, { entries, ages }: AnswerCache): Reads {
  // Noted with the first thing that is kept or forgotten: keys that nobody has proved must make no others leave.
  let own: Ages | undefined;
  const known = () => {
    own ??= ages.get(tenant);
    return own;
  };
  const note = () => {
    const noted = known() ?? { now: 0, forgotten: new Map() };
    if (!own) ages.set(tenant, noted);
    own = noted;
    return noted;
  };
  // A read that began before something was forgotten may bring what was true before.
  const isFresh = (path: string, askedAt: number) => {
    for (const [prefix, at] of known()?.forgotten ?? [])
      if (askedAt < at && path.startsWith(prefix)) return false;
    return true;
  };

  const fetch = <T>(read: UpstreamRead<T>, scope: CallTracker): Promise<T> => {
    const place = tenant + read.path;
    const hit = entries.get(place);
    if (hit && isFresh(read.path, hit.age)) {
      scope.cached++;
      return Promise.resolve(hit.value as T);
    }
    const askedAt = known()?.now ?? 0;
    return reads.fetch(read, scope).then((value) => {
      if (!isFresh(read.path, askedAt)) return value;
      note();
      const ttl = value === null ? read.endpoint.ttlMs / 10 : read.endpoint.ttlMs;
      // One waiter of a shared flight has stored it already; storing it again would only renew its age.
      if (entries.peek(place)?.value !== value) entries.set(place, { value, age: askedAt }, { ttl });
      return value;
    });
  };

  return {
    fetch,
    forget(pathPrefix) {
      const noted = note();
      noted.forgotten.set(pathPrefix, ++noted.now);
      reads.forget(pathPrefix);
    },
  };
}
