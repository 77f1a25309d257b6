import { pathToFileURL } from 'node:url';
import { type ApolloClient, gql as apolloGql, type TypePolicies } from '@apollo/client';
import { type Client, gql } from '@urql/core';
import type { CacheExchangeOpts } from '@urql/exchange-graphcache';
import { commandsOf, copyExample, packagesOf } from './recipe.ts';

type Variables = Record<string, unknown>;

/** A client with the cache of its example. */
export interface NormalizingClient {
  /** Reads a page from the gateway, and returns what the cache makes of it. */
  page<Data>(query: string, variables?: Variables): Promise<Data>;
  /** Reads from the cache only; null if it lacks something. */
  cached<Data>(query: string, variables?: Variables): Promise<Data | null>;
  mutate<Data>(mutation: string, variables: Variables): Promise<Data>;
  /** Deletes an order as the example does. */
  deleteOrder(productOrderId: string): Promise<void>;
}

export interface NormalizingExample extends Disposable {
  readonly name: string;
  create(url: string): NormalizingClient;
}

function copied(heading: string, example: string) {
  const [install = ''] = commandsOf(heading);
  const recipe = copyExample(example, packagesOf(install));
  return { recipe, load: (file: string) => import(pathToFileURL(`${recipe.folder}/${file}`).href) };
}

export async function apolloExample(): Promise<
  NormalizingExample & { typePolicies: TypePolicies; possibleTypes: Record<string, string[]> }
> {
  const { recipe, load } = copied('Apollo Client', 'clients/apollo-client');
  const { createClient } = await load('client.ts');
  const { deleteOrder } = await load('delete-order.ts');
  const { typePolicies, possibleTypes } = await load('type-policies.ts');
  return {
    name: 'Apollo Client',
    typePolicies,
    possibleTypes,
    create: (url) => {
      const client: ApolloClient = createClient(url);
      const read =
        (fetchPolicy: 'network-only' | 'cache-only') =>
        async <Data>(query: string, variables: Variables = {}) => {
          const { data } = await client.query({ query: apolloGql(query), variables, fetchPolicy });
          return (data ?? null) as Data;
        };
      return {
        page: read('network-only'),
        cached: read('cache-only'),
        mutate: async <Data>(mutation: string, variables: Variables) => {
          const { data } = await client.mutate({ mutation: apolloGql(mutation), variables });
          return data as Data;
        },
        deleteOrder: (id) => deleteOrder(client, id),
      };
    },
    [Symbol.dispose]: () => recipe[Symbol.dispose](),
  };
}

export async function urqlExample(): Promise<NormalizingExample & { cache: CacheExchangeOpts }> {
  const { recipe, load } = copied('urql', 'clients/urql');
  const { createClient } = await load('client.ts');
  const { cache } = await load('cache.ts');
  const DELETE = `mutation ($id: ID!) {
    deleteProductOrder(input: { productOrderId: $id }) { deletedProductOrderId userErrors { code } }
  }`;
  return {
    name: 'urql',
    cache,
    create: (url) => {
      const client: Client = createClient(url);
      const read =
        (requestPolicy: 'network-only' | 'cache-only') =>
        async <Data>(query: string, variables: Variables = {}) => {
          const { data } = await client.query(gql(query), variables, { requestPolicy }).toPromise();
          return (data ?? null) as Data;
        };
      const mutate = async <Data>(mutation: string, variables: Variables) => {
        const { data, error } = await client.mutation(gql(mutation), variables).toPromise();
        if (error) throw error;
        return data as Data;
      };
      return {
        page: read('network-only'),
        cached: read('cache-only'),
        mutate,
        deleteOrder: (id) => mutate(DELETE, { id }),
      };
    },
    [Symbol.dispose]: () => recipe[Symbol.dispose](),
  };
}
