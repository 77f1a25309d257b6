import { isUtf8 } from 'node:buffer';
import type { GraphQLParams } from 'graphql-yoga';
import { badRequest } from '../errors/bad-requests.ts';

/**
 * Returns the JSON of a body. Bytes that are not UTF-8 are refused, since a replaced character would reach an order. A
 * byte-order mark is skipped. Throws `BAD_REQUEST`.
 */
export function readJsonBody(bytes: Buffer): GraphQLParams {
  if (!isUtf8(bytes)) throw badRequest('notUtf8');
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const json = parse(bytes.toString('utf8', hasMark ? 3 : 0));
  // Yoga refuses a list as a batch.
  if (typeof json !== 'object' || json === null) throw badRequest('notAnObject');
  return json as GraphQLParams;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('invalidJson');
  }
}
