import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GraphQLParams } from 'graphql-yoga';
import { badRequest } from '../errors/bad-requests.ts';

const SHORT = 1024 * 1024;
/** A member with a name of its own takes 8 bytes and, with its comma, as long as 8 items of a list. */
const PARTS_PER_NAME = 7;
/** How many parts each byte begins. */
const PARTS = new Uint8Array(256);
for (const byte of Buffer.from(',\\[{')) PARTS[byte] = 1;
PARTS[':'.charCodeAt(0)] = PARTS_PER_NAME;

/**
 * Returns the JSON of a body. Bytes that are not UTF-8 are refused, since a replaced character would reach an order. A
 * byte-order mark is skipped. Throws `BAD_REQUEST`. Of a long body, call {@link requireFewParts} first.
 */
export function readJsonBody(bytes: Buffer): GraphQLParams {
  if (!isUtf8(bytes)) throw badRequest('notUtf8');
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const json = parse(bytes.toString('utf8', hasMark ? 3 : 0));
  // Yoga refuses a list as a batch.
  if (typeof json !== 'object' || json === null) throw badRequest('notAnObject');
  return json as GraphQLParams;
}

/**
 * Throws `BAD_REQUEST` if a body of more than 1 MiB has more parts than one of 1 MiB can have; it may contain a long text.
 * Counts what makes JSON slow to parse for its length: lists, objects, their members and names, and escapes. A body has
 * millions of bytes, which are counted in several turns of the event loop.
 */
export async function requireFewParts(bytes: Buffer): Promise<void> {
  if (bytes.length <= SHORT) return;
  let parts = 0;
  for (let start = 0; start < bytes.length; start += SHORT) {
    if (start > 0) await nextTurn();
    parts += partsOf(bytes.subarray(start, start + SHORT));
    if (parts > SHORT) throw badRequest('tooManyParts');
  }
}

function partsOf(bytes: Buffer): number {
  const { length } = bytes;
  let parts = 0;
  for (let index = 0; index < length; index++) parts += PARTS[bytes[index] as number] as number;
  return parts;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('invalidJson');
  }
}
