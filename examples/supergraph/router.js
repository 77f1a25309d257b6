import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

/** Headers of a client that only the subgraph `management` may see: they hold its key. */
const KEY_HEADERS = [
  'authorization',
  'vipps-client-id',
  'vipps-client-secret',
  'ocp-apim-subscription-key',
  'merchant-serial-number',
];
/** Headers that every subgraph gets. */
const TRACE_HEADERS = ['traceparent', 'x-request-id'];

/** A second more than REQUEST_DEADLINE_MS, so that the gateway's own error arrives. */
const TIMEOUT_MS = 16_000;
const fetcher = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });

class Subgraph extends RemoteGraphQLDataSource {
  constructor({ name, url }, secret) {
    super({ url, fetcher });
    this.isManagement = name === 'management';
    this.secret = secret;
  }

  willSendRequest({ request, context }) {
    const names = this.isManagement ? [...KEY_HEADERS, ...TRACE_HEADERS] : TRACE_HEADERS;
    for (const name of names) {
      const value = context.headers?.[name];
      if (typeof value === 'string') request.http.headers.set(name, value);
    }
    if (this.isManagement && this.secret)
      request.http.headers.set('router-authorization', `Bearer ${this.secret}`);
  }
}

/** Starts a router in front of a supergraph. `secret` is the SUBGRAPH_SECRET of the management gateway. */
export async function startRouter({ supergraph, secret, port = 0 }) {
  const gateway = new ApolloGateway({
    supergraphSdl: supergraph,
    buildService: (subgraph) => new Subgraph(subgraph, secret),
  });
  const server = new ApolloServer({ gateway });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    context: async ({ req }) => ({ headers: req.headers }),
  });
  return { url, stop: () => server.stop() };
}
