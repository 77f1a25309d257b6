// biome-ignore lint/correctness/useImportExtensions: graphql-codegen writes it before it is read
import { graphql } from './generated';

/** Read by graphql-codegen only: the test imports what it generates. */
export const operations = [
  graphql(`
    query Units($first: Int!) {
      salesUnits(first: $first) {
        totalCount
        nodes {
          msn
          name
        }
      }
    }
  `),
];
