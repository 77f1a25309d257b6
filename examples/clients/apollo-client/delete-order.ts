import type { ApolloClient } from '@apollo/client';
import { graphql } from './graphql.ts';

const DeleteOrder = graphql(`
  mutation DeleteOrder($productOrderId: ID!) {
    deleteProductOrder(input: { productOrderId: $productOrderId }) {
      deletedProductOrderId
      userErrors {
        code
        message
      }
    }
  }
`);

/** Deletes an order and takes it out of every list in the cache. */
export function deleteOrder(client: ApolloClient, productOrderId: string) {
  return client.mutate({
    mutation: DeleteOrder,
    variables: { productOrderId },
    update(cache, { data }) {
      const id = data?.deleteProductOrder.deletedProductOrderId;
      if (id) cache.evict({ id: cache.identify({ __typename: 'ProductOrder', id }) ?? '' });
    },
  });
}
