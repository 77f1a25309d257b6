import { graphql } from 'relay-runtime';

// relay-compiler reads this file. With babel-plugin-relay, write the documents where you use them instead.

export const units = graphql`
  query documentsUnitsQuery($first: Int!) {
    salesUnits(first: $first) {
      totalCount
      nodes {
        id
        msn
        name
        merchant @catch(to: RESULT) {
          name
        }
      }
    }
  }
`;
