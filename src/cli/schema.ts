import { lexicographicSortSchema, printSchema } from 'graphql';
import { loadSubgraphSchema, schema } from '../schema/index.ts';

/** Returns the schema as sorted text, so that a change is a readable diff. */
export const printedSchema = () => `${printSchema(lexicographicSortSchema(schema))}\n`;

/** Returns the schema of the subgraph, for tools that compose a supergraph. */
export const printedSubgraphSchema = async () => String((await loadSubgraphSchema()).extensions['sdl']);
