import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { RequestContext } from '../resolvers/context.ts';
import { costs } from './cost.ts';
import { grantedScopes, missingScope, type Scopes } from './scopes.ts';

/** Plugins, defaults and the descriptions of what plugins generate. Defines no type. */
export const builder = new SchemaBuilder<{
  Context: RequestContext;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: true;
  Connection: { totalCount: number };
  AuthScopes: Scopes;
  Scalars: {
    DateTime: { Input: never; Output: string };
    ID: { Input: string; Output: string };
  };
}>({
  // Scopes stand first, so that nothing of the others runs for a caller who may not ask.
  plugins: [ScopeAuthPlugin, RelayPlugin, DataloaderPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: grantedScopes,
    // Once for each object and not for each of its fields; a way in that no root field guards stays shut too.
    runScopesOnType: true,
    treatErrorsAsUnauthorized: true,
    unauthorizedError: (_parent, _context, _info, { failure }) => missingScope(failure),
  },
  relay: {
    // The two root fields stand in node.ts: the generated ones wait for the slowest of several nodes.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'An object that can be read again by its id.' },
    idFieldOptions: {
      description:
        'Identifies the object across the whole schema, for client caches and `node(id:)`. Opaque: do not take it apart.',
    },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    hasNextPageFieldOptions: { description: 'True if rows follow this page.' },
    hasPreviousPageFieldOptions: { description: 'True if rows precede this page.' },
    startCursorFieldOptions: {
      description: 'Cursor of the first row of this page; null if the page is empty.',
    },
    endCursorFieldOptions: {
      description: 'Cursor of the last row of this page, for `after`; null if the page is empty.',
    },
    firstArgOptions: {
      description: 'How many rows from the start, 50 unless told. Not together with `last`.',
    },
    lastArgOptions: { description: 'How many rows from the end. Not together with `first`.' },
    afterArgOptions: { description: 'Only rows behind this cursor.' },
    beforeArgOptions: { description: 'Only rows before this cursor.' },
    cursorFieldOptions: {
      description: 'Marks this row, for `after` and `before`. It stays valid when other rows come and go.',
    },
    nodeFieldOptions: {
      nullable: true,
      description:
        'The row itself; null, with an error at this path, if the Management API sent a row that cannot be read.',
    },
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      extensions: costs({ rows: 'inherited' }),
      description: 'The rows of this page, each with its cursor.',
    },
    pageInfoFieldOptions: { description: 'Where this page stands in the list.' },
    nodesOnConnection: {
      extensions: costs({ rows: 'inherited' }),
      description:
        'The rows of this page without cursors. A row that cannot be read is null, with an error at its path.',
    },
  },
});

// The scope of a root type holds for every field that does not say otherwise: a new one is never open by accident.
builder.queryType({
  authScopes: { read: true },
  description:
    'Everything that the keys of the gateway can see in the Management API. Every field but `viewer` needs the scope `read`.',
});

builder.mutationType({
  authScopes: { 'product-orders:write': true },
  description:
    'Everything that can be changed in the Management API: product orders are made and deleted. Every field needs the scope `product-orders:write`.',
});

builder.scalarType('DateTime', {
  description: 'A point in time as RFC 3339 text, for example `2026-09-02T06:45:25.921251Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => value,
});

builder.globalConnectionField('totalCount', (t) =>
  t.exposeInt('totalCount', {
    description: 'How many rows the whole list has, after the filter and regardless of the page.',
  }),
);
