import type { Config } from '../../config/config.ts';
import type { Tenants } from '../../server/auth/tenants.ts';
import type { WireConfig, WireTenant } from '../protocol.ts';

/** Returns what a worker needs of the configuration. No secret of the upstream is in it. */
export function toWireConfig(config: Config): WireConfig {
  const { http, auth, limits, cache, graphiql, log, metrics, production, subgraph, directory } = config;
  return {
    http: {
      ...http,
      trustedProxies: http.trustedProxies.text,
      maxConnectionsPerAddress: Math.ceil(http.maxConnectionsPerAddress / config.workers),
    },
    auth,
    limits,
    cache,
    graphiql,
    log,
    metrics,
    production,
    concurrency: config.upstream.concurrency,
    hasSubgraph: subgraph !== undefined,
    directory: directory && { answersReads: directory.answersReads },
  };
}

/** Returns the tenants as workers need them. */
export const toWireTenants = (
  entries: readonly Pick<WireTenant, 'id' | 'keys' | 'limits'>[],
  tenants: Tenants,
): WireTenant[] =>
  entries.flatMap(({ id, keys, limits }) => {
    const client = tenants.byId(id)?.client;
    return client ? [{ id, keys, limits, key: client.key }] : [];
  });
