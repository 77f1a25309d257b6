import type { RequestListener } from 'node:http';
import type { SubgraphConfig } from '../config/config.ts';
import { loadSubgraphSchema } from '../schema/index.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createGatewayParts, type GatewayOptions } from './gateway-parts.ts';
import { pathOf } from './http/path-of.ts';

/** What one listener serves: `/graphql`, and `/subgraph` if there is one. They share all limits. */
export interface Endpoints {
  /** Origins of web pages that may talk to each, by its path. None may talk to the endpoint of routers. */
  readonly origins: ReadonlyMap<string, readonly string[]>;
  readonly listener: RequestListener;
  /** Passes a request to the endpoint at its path. */
  readonly fetch: Gateway['fetch'];
  dispose(): Promise<void>;
}

export async function createEndpoints(
  options: GatewayOptions,
  subgraph: SubgraphConfig | undefined,
): Promise<Endpoints> {
  const { corsOrigins } = options.http;
  const parts = createGatewayParts(options);
  const clients = createGateway(options, parts);
  if (!subgraph)
    return {
      origins: new Map([['/graphql', corsOrigins]]),
      listener: clients,
      fetch: clients.fetch,
      dispose: async () => clients.dispose(),
    };
  const schema = await loadSubgraphSchema();
  const routers = createGateway(options, parts, { schema, secret: subgraph.secret });
  const at = (path: string) => (path === '/subgraph' ? routers : clients);
  const fetch = (request: Request, ...context: never[]) =>
    at(new URL(request.url).pathname).fetch(request, ...context);
  return {
    origins: new Map([
      ['/graphql', corsOrigins],
      ['/subgraph', []],
    ]),
    listener: (request, response) => at(pathOf(request.url ?? ''))(request, response),
    fetch: fetch as Gateway['fetch'],
    dispose: async () => {
      await Promise.all([clients.dispose(), routers.dispose()]);
    },
  };
}
