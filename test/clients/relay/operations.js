import { graphql } from 'relay-runtime';

/** Read by relay-compiler only: the tests import what it generates. */
export const operations = [
  graphql`
    subscription operationsFollowSubscription($after: String) {
      changes(after: $after) {
        cursor
        caughtUp
        change {
          kind
          msn
        }
      }
    }
  `,
  graphql`
    query operationsOrdersQuery($count: Int!) {
      productOrders(first: $count, filter: { status: [RECEIVED] }) @connection(key: "Orders_productOrders") {
        totalCount
        edges {
          node {
            id
            status
          }
        }
      }
    }
  `,
  graphql`
    mutation operationsDeleteMutation($input: DeleteProductOrderInput!, $connections: [ID!]!) {
      deleteProductOrder(input: $input) {
        deletedProductOrderId @deleteEdge(connections: $connections)
        userErrors {
          code
        }
      }
    }
  `,
  graphql`
    query operationsMerchantsQuery($count: Int!) {
      salesUnits(first: $count) {
        nodes {
          msn
          merchant @catch(to: RESULT) {
            name
            status
          }
          configuration @catch(to: NULL) {
            captureType
          }
        }
      }
    }
  `,
];
