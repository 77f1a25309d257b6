import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

const MAX_BYTES = 32 * 1024 * 1024;
const MAX_ERROR_BYTES = 4 * 1024 * 1024;
/** Measured: 245 to 485 bytes per token, most of them for its location. */
const BYTES_PER_TOKEN = 500;
const BYTES_PER_CHARACTER = 2;
/** For the tree, the key, the metrics and the validation result of a document, or the stack of an error. */
const BYTES_PER_ENTRY = 2_000;

const sizeOfText = (text: string) => BYTES_PER_ENTRY + BYTES_PER_CHARACTER * text.length;

/**
 * Creates the cache of parsed documents, bounded by memory instead of number: a thousand documents of a megabyte each
 * would exceed the memory of the process.
 */
export const createDocumentCache = () =>
  new LRUCache<string, DocumentNode>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ tokenCount = 0 }, text) => sizeOfText(text) + BYTES_PER_TOKEN * tokenCount,
  });

/** Creates the cache of parse errors, which are repeated less often than documents. */
export const createParseErrorCache = () =>
  new LRUCache<string, Error>({
    maxSize: MAX_ERROR_BYTES,
    sizeCalculation: (_error, text) => sizeOfText(text),
  });
