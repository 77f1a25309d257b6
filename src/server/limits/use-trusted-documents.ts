import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { sha256Of, type TrustedDocuments } from '../../config/trusted-documents.ts';
import { toClientError } from '../errors/client-error.ts';
import { PersistedQueryNotFound } from '../errors/request-errors.ts';

/** The parameter of the draft of GraphQL over HTTP, beside the one of Apollo in `extensions`. */
export const DOCUMENT_ID = 'documentId';

const notFound = (reason: string) => toClientError(new PersistedQueryNotFound(reason));

/**
 * Takes the id of a trusted document in place of its text; with `only`, no document that is not trusted. Nobody can add
 * one by a request. A text that comes with an id must be the one behind it.
 */
export function useTrustedDocuments({ byId, only }: TrustedDocuments): Plugin {
  const texts = new Set(byId.values());
  const isOf = (text: string, id: string) => {
    const known = byId.get(id);
    // An id that is not known may still be what clients of Apollo send along: the hash of the text.
    return known === undefined ? id === sha256Of(text) : known === text;
  };
  return {
    onPluginInit({ addPlugin }) {
      addPlugin(
        usePersistedOperations({
          // What comes as text was looked at below.
          allowArbitraryOperations: true,
          extractPersistedOperationId: (params) => idsOf(params)[0] ?? null,
          getPersistedOperation: (id) => byId.get(id) ?? null,
          customErrors: {
            notFound: () => notFound('no such id'),
            // Without a text and without an id it is no request for a document at all.
            keyNotFound: {
              message: 'Must provide query string.',
              extensions: { http: { spec: true, status: 400 } },
            },
          },
        }),
      );
    },
    onParams({ params }) {
      const [id, another] = idsOf(params);
      if (another !== undefined && another !== id) throw notFound('two ids');
      const { query } = params;
      if (typeof query !== 'string' || query === '') return;
      if (id !== undefined && !isOf(query, id)) throw notFound('the text is not the one behind the id');
      if (only && !texts.has(query)) throw notFound('the text is not trusted');
    },
  };
}

/** The ids that a request gives, as far as they are texts. */
function idsOf(params: GraphQLParams): string[] {
  const { [DOCUMENT_ID]: documentId, extensions } = params as GraphQLParams & {
    readonly [DOCUMENT_ID]?: unknown;
  };
  const persisted: unknown = extensions?.['persistedQuery'];
  const sha256Hash =
    typeof persisted === 'object' && persisted !== null && 'sha256Hash' in persisted
      ? persisted.sha256Hash
      : undefined;
  return [documentId, sha256Hash].filter((id) => typeof id === 'string');
}
