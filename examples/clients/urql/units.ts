import { createClient } from './client.ts';
import { graphql } from './graphql.ts';

const Units = graphql(`
  query Units($first: Int!, $after: String) {
    salesUnits(first: $first, after: $after) {
      totalCount
      nodes {
        id
        msn
        name
        merchant {
          id
          name
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
let after: string | null = null;
for (let page = 0; page < 3; page++) {
  const { data, error } = await client.query(Units, { first: 10, after }).toPromise();
  for (const { path, extensions } of error?.graphQLErrors ?? [])
    console.error(path?.join('.'), extensions['code']);
  // The cache has merged the pages: this is the list so far.
  console.log(`${data?.salesUnits.nodes.length} of ${data?.salesUnits.totalCount} sales units`);
  if (!data?.salesUnits.pageInfo.hasNextPage) break;
  after = data.salesUnits.pageInfo.endCursor;
}
