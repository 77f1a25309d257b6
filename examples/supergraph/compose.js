import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { composeServices as composeForHive } from '@theguild/federation-composition';
import { federateSubgraphs } from '@wundergraph/composition';
import { parse } from 'graphql';
import { typeDefs as storesSchema } from './stores/server.js';

const managementSchema = parse(
  readFileSync(new URL('../../schema.subgraph.graphql', import.meta.url), 'utf8'),
);

/** The subgraphs, at these URLs. */
export const subgraphsAt = ({ management, stores }) => [
  { name: 'management', url: management, typeDefs: managementSchema },
  { name: 'stores', url: stores, typeDefs: storesSchema },
];

/**
 * Composes the subgraphs with the composer of each router. Returns the supergraph of Apollo, and every error, warning and
 * hint of any of them.
 */
export function compose(urls) {
  const subgraphs = subgraphsAt(urls);
  const apollo = composeServices(subgraphs);
  const hive = composeForHive(subgraphs);
  const cosmo = federateSubgraphs({
    subgraphs: subgraphs.map(({ name, url, typeDefs }) => ({ name, url, definitions: typeDefs })),
    version: '1',
  });
  const messages = (by, list = []) => list.map(({ message }) => `${by}: ${message}`);
  return {
    supergraph: apollo.supergraphSdl,
    hiveSupergraph: hive.supergraphSdl,
    problems: [
      ...messages('Apollo', apollo.errors),
      ...messages('Apollo', apollo.hints),
      ...messages('Hive', hive.errors),
      ...messages('Cosmo', cosmo.errors),
      ...messages('Cosmo', cosmo.warnings),
    ],
  };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { supergraph, problems } = compose({
    management: process.env.MANAGEMENT_URL ?? 'http://127.0.0.1:4000/subgraph',
    stores: process.env.STORES_URL ?? 'http://127.0.0.1:4002/',
  });
  for (const problem of problems) console.error(problem);
  if (!supergraph) process.exit(1);
  writeFileSync('supergraph.graphql', supergraph);
  console.error('supergraph.graphql was written.');
}
