import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { casesOf, caseWith, ratingOf } from './data.js';

export const typeDefs = parse(readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'));

/**
 * Starts the subgraph of another team. `msns` are the stores that it has reviews of. `onRequest` is called with the headers
 * of each request.
 */
export async function startStores({ port = 0, msns, onRequest = () => {} }) {
  const best = msns
    .map((msn) => ({ msn, stars: ratingOf(msn)?.stars ?? 0 }))
    .sort((a, b) => b.stars - a.stars || a.msn.localeCompare(b.msn));
  const resolvers = {
    Query: {
      topRatedStores: (_root, { first }) => best.slice(0, Math.min(first, 1_000)).map(({ msn }) => ({ msn })),
      supportCase: (_root, { number }) => caseWith(number),
    },
    SalesUnit: { __resolveReference: ({ msn }) => ({ msn }), rating: ({ msn }) => ratingOf(msn) },
    Merchant: {
      __resolveReference: ({ businessIdentifier }) => ({ businessIdentifier }),
      supportCases: ({ businessIdentifier }) => casesOf(businessIdentifier),
    },
  };
  const server = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs, resolvers }]),
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    context: async ({ req }) => onRequest(req.headers) ?? {},
  });
  return { url, stop: () => server.stop() };
}
