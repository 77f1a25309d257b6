import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { documentIdOf, sha256Of, type TrustedDocuments } from '../../config/trusted-documents.ts';
import { toClientError } from '../errors/client-error.ts';
import { PersistedQueryNotFound, PersistedQueryNotSupported } from '../errors/request-errors.ts';
import { stateOf } from '../request-state.ts';

/** The parameter of the GraphQL over HTTP draft. Apollo clients use `extensions.persistedQuery` instead. */
export const DOCUMENT_ID = 'documentId';

const notFound = (reason: string) => toClientError(new PersistedQueryNotFound(reason));

/** The document of a request: its text, undefined if it has none, and whether it is a trusted one. */
interface GivenDocument {
  readonly text: string | undefined;
  readonly isTrusted: boolean;
}

export type ReadDocument = (params: GraphQLParams) => GivenDocument;

/**
 * Returns the document of each request. It may be named by its id if it is a trusted one; with `only`, no others are
 * accepted. A text that is sent with an id must be the text of that id. Throws `PERSISTED_QUERY_NOT_FOUND`.
 */
export function readTrusted({ byId, only }: TrustedDocuments): ReadDocument {
  const texts = new Set(byId.values());
  const isOf = (text: string, id: string) => {
    const known = byId.get(id);
    // Apollo clients send the hash of the text as the id, also of documents that are not trusted.
    return known === undefined ? id === sha256Of(text) : known === text;
  };
  return (params) => {
    const [id, another] = idsOf(params);
    const isTrusted = id !== undefined && byId.has(id);
    if (another !== undefined && another !== id) throw notFound('two ids');
    const { query } = params;
    if (typeof query !== 'string' || query === '')
      return { text: id === undefined ? undefined : byId.get(id), isTrusted };
    if (id !== undefined && !isOf(query, id)) throw notFound('the text is not the one behind the id');
    if (only && !texts.has(query)) throw notFound('the text is not trusted');
    return { text: query, isTrusted };
  };
}

/** Reads documents where none are trusted: only texts are accepted. */
export const readText: ReadDocument = ({ query }) => ({ text: query || undefined, isTrusted: false });

/** Accepts the ids of trusted documents. Requests cannot add documents. */
export function useTrustedDocuments(trusted: TrustedDocuments): Plugin {
  const read = readTrusted(trusted);
  return {
    onPluginInit({ addPlugin }) {
      addPlugin(
        usePersistedOperations({
          // `onParams` below checks documents that are sent as text.
          allowArbitraryOperations: true,
          extractPersistedOperationId: (params) => idsOf(params)[0] ?? null,
          getPersistedOperation: (id) => trusted.byId.get(id) ?? null,
          customErrors: {
            notFound: () => notFound('no such id'),
            // A request with neither a text nor an id.
            keyNotFound: {
              message: 'Must provide query string.',
              extensions: { http: { spec: true, status: 400 } },
            },
          },
        }),
      );
    },
    onParams({ params, request }) {
      if (read(params).isTrusted) stateOf(request).isTrusted = true;
    },
  };
}

/** Tells clients that begin with the hash of a document to send its text, where no documents are configured. */
export function useNoDocuments(): Plugin {
  return {
    onParams({ params }) {
      if (!params.query && idsOf(params).length > 0) throw toClientError(new PersistedQueryNotSupported());
    },
  };
}

/** Returns the ids in a request that are strings. */
function idsOf(params: GraphQLParams): string[] {
  const { [DOCUMENT_ID]: documentId, extensions } = params as GraphQLParams & {
    readonly [DOCUMENT_ID]?: unknown;
  };
  const persisted: unknown = extensions?.['persistedQuery'];
  const sha256Hash =
    typeof persisted === 'object' && persisted !== null && 'sha256Hash' in persisted
      ? persisted.sha256Hash
      : undefined;
  return [documentId, sha256Hash].filter((id) => typeof id === 'string').map(documentIdOf);
}
