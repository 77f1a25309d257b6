import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import type { RequestContext } from '../resolvers/context.ts';
import { DateTime } from '../upstream/models/date-time.ts';
import { grantedScopes, missingScope, type Scopes } from './scopes/scopes.ts';
import { costs } from './work/cost.ts';

/** The schema builder: plugins, defaults, and the descriptions of generated types. Defines no object type. */
export const builder = new SchemaBuilder<{
  Context: RequestContext;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: true;
  Connection: { totalCount: number };
  AuthScopes: Scopes;
  Scalars: {
    DateTime: { Input: string; Output: string };
    _Any: { Input: unknown; Output: unknown };
    ID: { Input: string; Output: string };
  };
}>({
  // Scopes come first, so that no other plugin runs for a caller without the scope.
  plugins: [ScopeAuthPlugin, RelayPlugin, DataloaderPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: grantedScopes,
    // Checks each object once instead of each of its fields, and covers objects that no guarded root field leads to.
    runScopesOnType: true,
    // Before a subscription begins. Its types are checked for every event.
    authorizeOnSubscribe: true,
    treatErrorsAsUnauthorized: true,
    unauthorizedError: (_parent, _context, _info, { failure }) => missingScope(failure),
  },
  relay: {
    // Both root fields are in node.ts: the generated ones wait for the slowest of several nodes.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'An object that can be fetched by its global ID.' },
    idFieldOptions: {
      description:
        'Global ID of the object, unique across all types. Use it as a cache key and for `node(id:)`. Opaque: do not parse it.',
    },
    pageInfoTypeOptions: { description: 'Information about a page of a connection.' },
    hasNextPageFieldOptions: { description: 'True if there are more items after this page.' },
    hasPreviousPageFieldOptions: { description: 'True if there are more items before this page.' },
    startCursorFieldOptions: {
      description: 'Cursor of the first item of this page, for `before`. Null if the page is empty.',
    },
    endCursorFieldOptions: {
      description: 'Cursor of the last item of this page, for `after`. Null if the page is empty.',
    },
    firstArgOptions: {
      description:
        'Number of items to return from the start of the list. Defaults to 50. Cannot be combined with `last`.',
    },
    lastArgOptions: {
      description: 'Number of items to return from the end of the list. Cannot be combined with `first`.',
    },
    afterArgOptions: { description: 'Returns only items after this cursor.' },
    beforeArgOptions: { description: 'Returns only items before this cursor.' },
    cursorFieldOptions: {
      description:
        'Cursor of this item, for `after` and `before`. Remains valid when other items are added or removed.',
    },
    nodeFieldOptions: {
      nullable: true,
      description:
        'The item. Null, with an error at this path, if the Management API returned invalid data for it.',
    },
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      extensions: costs({ rows: 'inherited' }),
      description: 'The items of this page, each with its cursor.',
    },
    pageInfoFieldOptions: { description: 'Information about this page.' },
    nodesOnConnection: {
      extensions: costs({ rows: 'inherited' }),
      description:
        'The items of this page, without cursors. An item is null, with an error at its path, if the Management API returned invalid data for it.',
    },
  },
});

// The scope of a root type applies to every field without its own scope, so that no new field is open by accident.
builder.queryType({
  authScopes: { read: true },
  description:
    'Reads data that is visible to the API keys of the tenant. All fields except `viewer` require the scope `read`.',
});

builder.mutationType({
  authScopes: { 'product-orders:write': true },
  description: 'Creates and deletes product orders. All fields require the scope `product-orders:write`.',
});

builder.subscriptionType({
  authScopes: { read: true },
  description:
    'Follows what happens. Send it with `Accept: text/event-stream` or `multipart/mixed;subscriptionSpec="1.0"`, or over a WebSocket with the protocol `graphql-transport-ws`. All fields require the scope `read`.',
});

builder.scalarType('DateTime', {
  description: 'Date and time in RFC 3339 format, for example `2026-09-02T06:45:25.921251Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => value,
  parseValue: (value) => {
    const read = DateTime.safeParse(value);
    if (!read.success || Number.isNaN(Date.parse(read.data)))
      throw new GraphQLError('must be a date and time in RFC 3339 format, such as 2026-09-02T06:45:25Z');
    return read.data;
  },
});

builder.globalConnectionField('totalCount', (t) =>
  t.exposeInt('totalCount', {
    description: 'Number of items in the whole list after filtering, regardless of the page.',
  }),
);
