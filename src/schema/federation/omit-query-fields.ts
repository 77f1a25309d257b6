import { GraphQLObjectType, GraphQLSchema } from 'graphql';

/** Returns the schema without some root fields, and without the types that only these need. */
export function omitQueryFields(schema: GraphQLSchema, names: readonly string[]): GraphQLSchema {
  const query = schema.getQueryType();
  if (!query) return schema;
  const config = query.toConfig();
  const kept = Object.entries(config.fields).filter(([name]) => !names.includes(name));
  return new GraphQLSchema({
    ...schema.toConfig(),
    query: new GraphQLObjectType({ ...config, fields: Object.fromEntries(kept) }),
    // Only what the root types lead to: every type of this schema is the type of some field.
    types: [],
  });
}
