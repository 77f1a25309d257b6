import { GraphQLSchema } from 'graphql';
import type { DataNotice } from './graphiql/page-config.ts';

/**
 * Returns the schema with a description that says whose data it reads and changes. Only here, since `schema.graphql` is
 * the same for every gateway.
 */
export function describedSchema(schema: GraphQLSchema, notice: DataNotice | undefined): GraphQLSchema {
  if (!notice) return schema;
  const description = `Management API. **${notice.label}.** ${notice.text}`;
  return new GraphQLSchema({ ...schema.toConfig(), description });
}
