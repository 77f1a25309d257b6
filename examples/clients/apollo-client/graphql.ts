import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';

/** Reads a document; its result and its variables have the types of the schema. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: {
    // ISO 8601 in JSON. Make a Date of it where you show it.
    DateTime: string;
  };
}>();
