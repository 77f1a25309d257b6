import type { OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Encoding } from '../http/compress.ts';
import type { Cost } from '../request-state.ts';

/** What all ready answers of an endpoint may take. */
const MOST_BYTES = 16 * 1024 * 1024;
/** A longer answer is made anew: what that takes is little beside sending it. */
const LONGEST = 256 * 1024;
const ENTRY_BYTES = 1_000;
/** An answer without data of the upstream is fresh for ever, which no timer can wait for. */
const LONGEST_MS = 300_000;
/** The hashes of so many requests are remembered. */
const HASHES = 2 ** 16;
/** A text of this length is written faster than bytes. */
export const SHORT = 64 * 1024;

/** The bytes of an answer, and what the same request would do again. */
export interface ReadyAnswer {
  readonly body: Buffer;
  /** The same as text if it is short. */
  readonly text: string | undefined;
  /** The same bytes in each encoding that was asked for. */
  readonly encoded: Map<string, Promise<Buffer> | Buffer>;
  /** The version of the tenant's data. */
  readonly version: number;
  readonly freshUntil: number;
  readonly cost: Cost;
  /** Points that it was charged: what a request costs that makes no call. */
  readonly charged: number;
  readonly readsBy: ReadonlyMap<string, number>;
  readonly cached: number;
  readonly rows: number;
  readonly length: number;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly isTrusted: boolean;
}

/** Answers that were made of cached data only, by the caller's class and the bytes of the request. */
export class ReadyAnswers {
  readonly #answers = new LRUCache<string, ReadyAnswer>({
    maxSize: MOST_BYTES,
    // Four times, for what it takes as text and encoded.
    sizeCalculation: ({ body }, key) => 4 * body.length + key.length + ENTRY_BYTES,
    // No data of the upstream stays in memory for longer than it may be used.
    ttlAutopurge: true,
  });

  readonly #asked = new Uint32Array(HASHES);

  /**
   * Returns whether the same was asked lately, and notes that it is. Most requests that are not repeated soon never are, and
   * answers that are kept for nothing take the place of others, and the time of the garbage collector.
   */
  isAskedAgain(key: string): boolean {
    const hash = hashOf(key);
    const place = hash % HASHES;
    if (this.#asked[place] === hash) return true;
    this.#asked[place] = hash;
    return false;
  }

  /** Returns the answer if it is still what would be answered. */
  find(key: string, version: number): ReadyAnswer | undefined {
    const answer = this.#answers.get(key);
    if (!answer) return undefined;
    if (answer.version === version && answer.freshUntil > performance.now()) return answer;
    this.#answers.delete(key);
    return undefined;
  }

  keep(key: string, answer: ReadyAnswer): void {
    const ttl = Math.min(LONGEST_MS, Math.ceil(answer.freshUntil - performance.now()));
    if (answer.body.length <= LONGEST && ttl > 0) this.#answers.set(key, answer, { ttl });
  }
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Returns the bytes of an answer in an encoding. */
export async function encodedAnswer({ body, encoded }: ReadyAnswer, encoding: Encoding): Promise<Buffer> {
  let bytes = encoded.get(encoding.name);
  if (!bytes) {
    bytes = encoding.compress(body);
    encoded.set(encoding.name, bytes);
  }
  return bytes;
}
