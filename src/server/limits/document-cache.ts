import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_ERROR_BYTES = 4 * 1024 * 1024;
/** Measured: 245 to 485 for each word and sign, most of it for the place where it stands. */
const BYTES_PER_TOKEN = 500;
const BYTES_PER_CHARACTER = 2;
/** A short document has its tree, its key, its shape and what validation said besides; an error has its stack. */
const BYTES_PER_ENTRY = 2_000;

const sizeOfText = (text: string) => BYTES_PER_ENTRY + BYTES_PER_CHARACTER * text.length;

/**
 * Remembers parsed documents by their text, bounded by what they take and not by their number: a thousand documents of
 * a megabyte each would be more than the process has.
 */
export const createDocumentCache = () =>
  new LRUCache<string, DocumentNode>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ tokenCount = 0 }, text) => sizeOfText(text) + BYTES_PER_TOKEN * tokenCount,
  });

/** Remembers why a text is no document. A mistake comes again less often than a document does. */
export const createParseErrorCache = () =>
  new LRUCache<string, Error>({
    maxSize: MAX_ERROR_BYTES,
    sizeCalculation: (_error, text) => sizeOfText(text),
  });
