import { fileURLToPath } from 'node:url';
import {
  ConnectionHandler,
  commitMutation,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  Network,
  RecordSource,
  type RequestParameters,
  Store,
} from 'relay-runtime';
import { beforeAll, expect, it } from 'vitest';
import { compileRelay, startWorld } from './serving.ts';

const folder = fileURLToPath(new URL('relay', import.meta.url));
const documents = `${folder}/persisted.json`;
const artifact = async (name: string) =>
  (await import(`${folder}/__generated__/operations${name}.graphql.js`)).default;

beforeAll(compileRelay);

/** Sends the ids that relay-compiler has written, and never a text. */
const environmentOf = (url: string) =>
  new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ id }: RequestParameters, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ documentId: id, variables }),
      });
      return response.json();
    }),
  });

const trusted = { TRUSTED_DOCUMENTS_FILE: documents, GRAPHIQL: 'off' };

it('deletes an order, and @deleteEdge takes it out of the connection', async () => {
  await using world = await startWorld(trusted);
  const environment = environmentOf(world.gateway.url);
  const query = await artifact('OrdersQuery');
  const variables = { count: 50 };
  const shown = () =>
    environment.lookup(createOperationDescriptor(query, variables).fragment).data as {
      productOrders: { edges: { node: { id: string } }[] };
    };
  environment.retain(createOperationDescriptor(query, variables));
  await fetchQuery(environment, query, variables).toPromise();
  const ids = shown().productOrders.edges.map(({ node }) => node.id);
  expect(ids.length).toBeGreaterThan(1);

  const deleted = world.sandbox.data.orders.find(
    ({ type, status, id }) => type === 'PREFILL' && status === 'RECEIVED' && id,
  );
  const globalId = Buffer.from(`ProductOrder:${deleted?.id}`).toString('base64');
  expect(ids).toContain(globalId);
  const connections = [
    ConnectionHandler.getConnectionID('client:root', 'Orders_productOrders', {
      filter: { status: ['RECEIVED'] },
    }),
  ];
  const mutation = await artifact('DeleteMutation');
  await new Promise((resolve, reject) =>
    commitMutation(environment, {
      mutation,
      variables: { input: { productOrderId: globalId }, connections },
      onCompleted: resolve,
      onError: reject,
    }),
  );
  expect(shown().productOrders.edges.map(({ node }) => node.id)).toEqual(ids.filter((id) => id !== globalId));
});

it('tells merchants that failed from those that do not exist, by @catch', async () => {
  await using world = await startWorld({ ...trusted, CACHE: 'off' });
  const environment = environmentOf(world.gateway.url);
  const query = await artifact('MerchantsQuery');
  const route = 'GET /management/v1/sales-units/{msn}';
  world.sandbox.fault({ route, status: 403, times: 10 });
  const descriptor = createOperationDescriptor(query, { count: 30 });
  environment.retain(descriptor);
  await fetchQuery(environment, query, { count: 30 }).toPromise();
  const { nodes } = (
    environment.lookup(descriptor.fragment).data as {
      salesUnits: {
        nodes: {
          merchant: { ok: boolean; value?: unknown; errors?: { path: unknown[] }[] };
          configuration: unknown;
        }[];
      };
    }
  ).salesUnits;
  expect(nodes).toHaveLength(30);
  const failed = nodes.filter(({ merchant }) => !merchant.ok);
  expect(failed).toHaveLength(10);
  for (const { merchant, configuration } of failed) {
    expect(merchant.errors).toHaveLength(1);
    expect(configuration).toBeNull();
  }
  for (const { merchant } of nodes.filter(({ merchant: { ok } }) => ok))
    expect(merchant.value).toEqual({ name: expect.any(String), status: 'ACTIVE' });
});
