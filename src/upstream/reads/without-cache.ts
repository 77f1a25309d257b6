import type { Reads } from '../endpoint.ts';
import type { OnDrop } from './with-cache.ts';

/** Notes that no answer is kept, so that nothing made of it is. */
export function withoutCache(reads: Reads, onDrop: OnDrop = () => {}): Reads {
  let version = 0;
  return {
    async fetch(read, tracker) {
      const value = await reads.fetch(read, tracker);
      tracker.usesLive();
      return value;
    },
    known: reads.known,
    version: () => version,
    invalidate(pathPrefix) {
      version++;
      reads.invalidate(pathPrefix);
      onDrop(pathPrefix, true);
    },
  };
}
