import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from '../schema/index.ts';

/** The schema as text, sorted, so that a change of it reads as a diff. */
export const printedSchema = () => `${printSchema(lexicographicSortSchema(schema))}\n`;
