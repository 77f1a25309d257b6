import { isUtf8 } from 'node:buffer';
import type { GraphQLParams } from 'graphql-yoga';
import { badRequest } from '../errors/bad-requests.ts';

const SHORT = 1024 * 1024;
const [COMMA, BACKSLASH, BRACKET, BRACE, COLON] = Buffer.from(',\\[{:');
/** A member with a name of its own takes 8 bytes and, with its comma, as long as 8 items of a list. */
const PARTS_PER_NAME = 7;

/**
 * Returns the JSON of a body. Bytes that are not UTF-8 are refused, since a replaced character would reach an order. A
 * byte-order mark is skipped. A long body may contain a long text, but no more parts than a body of 1 MiB. Throws `BAD_REQUEST`.
 */
export function readJsonBody(bytes: Buffer): GraphQLParams {
  if (!isUtf8(bytes)) throw badRequest('notUtf8');
  if (bytes.length > SHORT && hasTooManyParts(bytes)) throw badRequest('tooManyParts');
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const json = parse(bytes.toString('utf8', hasMark ? 3 : 0));
  // Yoga refuses a list as a batch.
  if (typeof json !== 'object' || json === null) throw badRequest('notAnObject');
  return json as GraphQLParams;
}

/** Counts what makes JSON slow to parse for its length: lists, objects, their members and names, and escapes. */
function hasTooManyParts(bytes: Buffer): boolean {
  let parts = 0;
  // By index and no further than needed: a body has millions of bytes.
  for (let index = 0; index < bytes.length && parts <= SHORT; index++) {
    const byte = bytes[index];
    if (byte === COMMA || byte === BACKSLASH || byte === BRACKET || byte === BRACE) parts++;
    else if (byte === COLON) parts += PARTS_PER_NAME;
  }
  return parts > SHORT;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('invalidJson');
  }
}
