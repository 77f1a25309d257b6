import { hash } from 'node:crypto';
import { parse } from 'graphql';
import { z } from 'zod';
import { describeUnreadable } from './file-problem.ts';
import { readSmallFile } from './read-small-file.ts';

/** The operations that a gateway knows beforehand, by the ids under which clients ask for them. */
export interface TrustedDocuments {
  /** The text behind an id. */
  readonly byId: ReadonlyMap<string, string>;
  /** Whether other documents are refused. */
  readonly only: boolean;
}

/** As relay-compiler and the client preset of graphql-codegen write it: hash → document. */
const File = z.record(z.string().min(1).max(256), z.string());
const SHA_256 = /^(?:sha256:)?([0-9a-f]{64})$/;

export const sha256Of = (text: string): string => hash('sha256', text);

/** The text of the file → its documents, or everything that is wrong with it: by id, never by text. */
export function readTrustedDocuments(
  text: string,
): { byId: ReadonlyMap<string, string> } | { mistakes: readonly string[] } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { mistakes: ['is not valid JSON'] };
  }
  const parsed = File.safeParse(json);
  if (!parsed.success) return { mistakes: ['must be an object of documents by their hashes'] };
  const byId = new Map(Object.entries(parsed.data));
  const mistakes = [...byId].flatMap(([id, document]) => {
    const [, digest] = SHA_256.exec(id) ?? [];
    if (digest !== undefined && digest !== sha256Of(document))
      return [`${id}: is not the SHA-256 of its document`];
    return isDocument(document) ? [] : [`${id}: is not a GraphQL document`];
  });
  if (byId.size === 0) mistakes.push('must have at least one document');
  return mistakes.length > 0 ? { mistakes } : { byId };
}

/** Its documents add no right, so anyone may own the file, such as the user who built an image. */
const RULES = { mostBytes: 64 * 1024 * 1024, holdsAuthority: false };

/** Reads and understands the file. */
export function readTrustedDocumentsFile(path: string): ReturnType<typeof readTrustedDocuments> {
  try {
    return readTrustedDocuments(readSmallFile(path, RULES).text);
  } catch (error) {
    return { mistakes: [describeUnreadable(error)] };
  }
}

function isDocument(text: string): boolean {
  try {
    parse(text, { noLocation: true });
    return true;
  } catch {
    return false;
  }
}
