import type { GraphQLParams } from 'graphql-yoga';
import { DOCUMENT_ID, type ReadDocument } from '../limits/use-trusted-documents.ts';

export interface Params {
  readonly text: string;
  readonly isTrusted: boolean;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

const KNOWN = new Set(['query', 'operationName', 'variables', 'extensions', DOCUMENT_ID]);

/** Returns what a body asks for; undefined if it is not the usual form. Throws for a document that is not trusted. */
export function readParams(params: GraphQLParams, readDocument: ReadDocument): Params | undefined {
  for (const name in params) if (!KNOWN.has(name)) return undefined;
  const { query, operationName, variables, extensions } = params as Readonly<Record<string, unknown>>;
  if (query !== undefined && typeof query !== 'string') return undefined;
  if (operationName != null && typeof operationName !== 'string') return undefined;
  if (!isRecord(variables) || !isRecord(extensions)) return undefined;
  const { text, isTrusted } = readDocument(params);
  if (text === undefined) return undefined;
  return {
    text,
    isTrusted,
    operationName: operationName ?? undefined,
    variables: (variables ?? {}) as Readonly<Record<string, unknown>>,
  };
}

/** A record, or nothing. */
const isRecord = (value: unknown) => value == null || (typeof value === 'object' && !Array.isArray(value));
