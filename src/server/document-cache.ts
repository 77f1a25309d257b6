import { LRUCache } from 'lru-cache';

const MAX_BYTES = 32 * 1024 * 1024;
/** A parsed document takes about fifty times its text. */
const BYTES_PER_CHARACTER = 50;

/**
 * Remembers parsed documents by their text, bounded by what they take and not by their number: a thousand documents of
 * a megabyte each would be more than the process has.
 */
export const createDocumentCache = <Value extends object>() =>
  new LRUCache<string, Value>({
    maxSize: MAX_BYTES,
    sizeCalculation: (_value, text) => (text.length + 1) * BYTES_PER_CHARACTER,
  });
