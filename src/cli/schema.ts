import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../schema/index.ts';

/** Returns the schema as sorted text, so that a change is a readable diff. */
export const printedSchema = () => `${printSchema(lexicographicSortSchema(schema))}\n`;
