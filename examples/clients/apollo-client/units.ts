import { createClient } from './client.ts';
import { graphql } from './graphql.ts';

// `relayStylePagination` merges `edges`, so select them instead of `nodes`.
const Units = graphql(`
  query Units($first: Int!, $after: String) {
    salesUnits(first: $first, after: $after) {
      totalCount
      edges {
        cursor
        node {
          id
          msn
          name
          merchant {
            id
            name
          }
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`);

const client = createClient(process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql');

// In a component, this is `fetchMore({ variables: { after } })`.
const readPage = (after: string | undefined) =>
  client.query({ query: Units, variables: { first: 10, after }, fetchPolicy: 'network-only' });

let after: string | undefined;
for (let page = 0; page < 3; page++) {
  const { data, error } = await readPage(after);
  if (error) console.error(error.message);
  // The cache has merged the pages: this is the list so far.
  console.log(`${data?.salesUnits.edges.length} of ${data?.salesUnits.totalCount} sales units`);
  if (!data?.salesUnits.pageInfo.hasNextPage) break;
  after = data.salesUnits.pageInfo.endCursor ?? undefined;
}
