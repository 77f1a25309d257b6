import { readFileSync } from 'node:fs';
import { schemaReference } from './schema-reference/page.ts';

// Prints docs/schema.md, made of schema.graphql. `npm run schema` writes both.
process.stdout.write(schemaReference(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8')));
