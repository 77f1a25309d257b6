import { hash } from 'node:crypto';
import { parse } from 'graphql';
import { z } from 'zod';
import { describeUnreadable } from './files/file-problem.ts';
import { parseJson } from './files/file-text.ts';
import { readSmallFile } from './files/read-small-file.ts';

/** The documents that the gateway knows in advance. Clients send their ids. */
export interface TrustedDocuments {
  /** Each id, as {@link documentIdOf} returns it, and its document. */
  readonly byId: ReadonlyMap<string, string>;
  /** Whether other documents are refused. */
  readonly only: boolean;
}

const Id = z.string().min(1).max(256);
/** An object of hash and document, as relay-compiler and the client preset of graphql-codegen write it. */
const HashToDocument = z.record(Id, z.string()).transform((record) => Object.entries(record));
/** The manifest of `@apollo/generate-persisted-query-manifest`. */
const ApolloManifest = z
  .object({
    format: z.literal('apollo-persisted-query-manifest'),
    operations: z.array(z.object({ id: Id, body: z.string() })),
  })
  .transform(({ operations }) => operations.map(({ id, body }): [string, string] => [id, body]));
const SHA_256 = /^(?:sha256:)?([0-9a-f]{64})$/i;

/** Returns an id in the form in which it is compared: `sha256:` before a SHA-256 says nothing, nor does its case. */
export const documentIdOf = (id: string): string => SHA_256.exec(id)?.[1]?.toLowerCase() ?? id;

/** Returns the SHA-256 of a text in hexadecimal. */
export const sha256Of = (text: string): string => hash('sha256', text);

/** Returns the documents in the text of the file, or every mistake in it, by id and never by document. */
export function readTrustedDocuments(
  text: string,
): { byId: ReadonlyMap<string, string> } | { mistakes: readonly string[] } {
  const read = parseJson(text);
  if ('mistake' in read) return { mistakes: [read.mistake] };
  const { json } = read;
  const isApollo = typeof json === 'object' && json !== null && 'format' in json;
  const parsed = (isApollo ? ApolloManifest : HashToDocument).safeParse(json);
  if (!parsed.success)
    return {
      mistakes: [
        'must be an object that maps hashes to documents, as Relay and graphql-codegen write it, or a manifest of Apollo',
      ],
    };
  const byId = new Map(parsed.data.map(([id, document]) => [documentIdOf(id), document]));
  const mistakes = [...byId].flatMap(([id, document]) => {
    const [, digest] = SHA_256.exec(id) ?? [];
    if (digest !== undefined && digest !== sha256Of(document))
      return [`${id}: is not the SHA-256 of its document`];
    return isDocument(document) ? [] : [`${id}: is not a GraphQL document`];
  });
  if (byId.size === 0) mistakes.push('must have at least one document');
  return mistakes.length > 0 ? { mistakes } : { byId };
}

/** The documents grant no rights, so any user may own the file, such as the one that built a container image. */
const RULES = { mostBytes: 64 * 1024 * 1024, holdsAuthority: false };

/** Reads the file at `path`. Returns its documents, or its mistakes. */
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
