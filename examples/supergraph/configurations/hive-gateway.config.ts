import { defineConfig } from '@graphql-hive/gateway';

/** Headers of a client that only the subgraph `management` may see: they hold its key. */
const KEY_HEADERS = [
  'authorization',
  'vipps-client-id',
  'vipps-client-secret',
  'ocp-apim-subscription-key',
  'merchant-serial-number',
];

export const gatewayConfig = defineConfig({
  supergraph: process.env.SUPERGRAPH ?? './supergraph.graphql',
  propagateHeaders: {
    fromClientToSubgraphs({ request, subgraphName }) {
      const names = ['traceparent', 'x-request-id', ...(subgraphName === 'management' ? KEY_HEADERS : [])];
      const headers = names
        .map((name) => [name, request.headers.get(name)])
        .filter(([, value]) => value !== null);
      const secret = process.env.SUBGRAPH_SECRET;
      if (subgraphName === 'management' && secret) headers.push(['router-authorization', `Bearer ${secret}`]);
      return Object.fromEntries(headers);
    },
  },
  // No operation belongs in a URL, which logs keep. Without this, subscriptions are sent by GET.
  transportEntries: { management: { options: { method: 'POST' } } },
  // A second more than REQUEST_DEADLINE_MS, so that the gateway's own error arrives.
  upstreamTimeout: 16_000,
  // Errors of the subgraph are written for clients: their codes say what to do.
  maskedErrors: false,
});
