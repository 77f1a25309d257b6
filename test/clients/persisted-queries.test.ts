import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ApolloClient, ApolloLink, gql as apolloGql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange, gql } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { beforeAll, describe, expect, it } from 'vitest';
import { run, startWorld } from './serving.ts';

const sha256 = async (text: string) => createHash('sha256').update(text).digest('hex');
const UNITS = 'query Units { salesUnits(first: 2) { totalCount nodes { msn name } } }';

/** Counts requests, and those that carried a text. */
function counting() {
  const seen = { requests: 0, texts: 0 };
  const counted: typeof fetch = (input, init) => {
    seen.requests++;
    if (String(init?.body ?? '').includes('"query"')) seen.texts++;
    return fetch(input, init);
  };
  return { seen, counted };
}

describe('Apollo Client with persisted queries', () => {
  const ask = async (url: string) => {
    const { seen, counted } = counting();
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([new PersistedQueryLink({ sha256 }), new HttpLink({ uri: url, fetch: counted })]),
    });
    const query = apolloGql(UNITS);
    const first = await client.query({ query, fetchPolicy: 'no-cache' });
    await client.query({ query, fetchPolicy: 'no-cache' });
    return { data: first.data, error: first.error, seen };
  };

  it('falls back to the text, once for all, where no documents are configured', async () => {
    await using world = await startWorld();
    const { data, error, seen } = await ask(world.gateway.url);
    expect(error).toBeUndefined();
    expect(data).toMatchObject({ salesUnits: { totalCount: 30 } });
    expect(seen).toEqual({ requests: 3, texts: 2 });
  });

  it('falls back to the text where the document is not one of those configured', async () => {
    await using world = await startWorld({
      TRUSTED_DOCUMENTS_FILE: fileURLToPath(new URL('../cli/trusted-documents.json', import.meta.url)),
      TRUSTED_DOCUMENTS: 'also',
    });
    const { data, seen } = await ask(world.gateway.url);
    expect(data).toMatchObject({ salesUnits: { totalCount: 30 } });
    expect(seen.texts).toBe(2);
  });
});

describe('urql with persisted queries', () => {
  it('falls back to the text where no documents are configured', async () => {
    await using world = await startWorld();
    const { seen, counted } = counting();
    const client = new Client({
      url: world.gateway.url,
      preferGetMethod: false,
      fetch: counted,
      requestPolicy: 'network-only',
      exchanges: [persistedExchange({ preferGetForPersistedQueries: false }), fetchExchange],
    });
    const { data, error } = await client.query(gql(UNITS), {}).toPromise();
    expect(error).toBeUndefined();
    expect(data).toMatchObject({ salesUnits: { totalCount: 30 } });
    expect(seen).toEqual({ requests: 2, texts: 1 });
  });

  it('needs preferGetMethod: false in production, where no operation is in a URL', async () => {
    await using world = await startWorld({
      NODE_ENV: 'production',
      AUTH: 'vipps-keys',
      VIPPS_CLIENT_ID: '',
      VIPPS_CLIENT_SECRET: '',
      VIPPS_SUBSCRIPTION_KEY: '',
    });
    const { clientId, clientSecret, subscriptionKey } = world.sandbox.keys;
    const ask = (preferGetMethod: boolean) =>
      new Client({
        url: world.gateway.url,
        preferGetMethod,
        fetchOptions: {
          headers: {
            'vipps-client-id': clientId,
            'vipps-client-secret': clientSecret,
            'ocp-apim-subscription-key': subscriptionKey,
          },
        },
        exchanges: [fetchExchange],
      })
        .query(gql(UNITS), {})
        .toPromise();
    expect((await ask(true)).error?.response.status).toBe(405);
    expect((await ask(false)).data).toMatchObject({ salesUnits: { totalCount: 30 } });
  });

  it('reads each null that has an error as failed, not as absent', async () => {
    await using world = await startWorld();
    world.sandbox.fault({ route: 'GET /management/v1/sales-units/{msn}', status: 403 });
    const client = new Client({ url: world.gateway.url, preferGetMethod: false, exchanges: [fetchExchange] });
    const { data, error } = await client
      .query(
        gql('{ salesUnits(first: 30) { nodes { merchant { name } configuration { captureType } } } }'),
        {},
      )
      .toPromise();
    expect(data.salesUnits.nodes).toHaveLength(30);
    expect(new Set(error?.graphQLErrors.map(({ path }) => path?.join('.'))).size).toBe(60);
  });
});

describe('graphql-codegen', () => {
  const folder = fileURLToPath(new URL('codegen/generated', import.meta.url));
  beforeAll(() => run('graphql-codegen', ['--config', 'codegen/codegen.json']));

  it('writes documents that the gateway trusts as they are, and types that name them', async () => {
    const { UnitsDocument } = await import(`${folder}/graphql.ts`);
    await using world = await startWorld({ TRUSTED_DOCUMENTS_FILE: `${folder}/persisted-documents.json` });
    const send = async (body: object) => {
      const response = await fetch(world.gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return response.json();
    };
    const { hash } = UnitsDocument.__meta__;
    expect(hash).toMatch(/^sha256:/);
    for (const documentId of [hash, hash.replace('sha256:', '')])
      expect((await send({ documentId, variables: { first: 1 } })).data).toMatchObject({
        salesUnits: { totalCount: 30 },
      });
    expect((await send({ query: UNITS })).errors).toMatchObject([
      { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
  });
});
