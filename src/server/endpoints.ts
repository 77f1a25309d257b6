import type { RequestListener } from 'node:http';
import type { SubgraphConfig } from '../config/config.ts';
import { loadSubgraphSchema } from '../schema/index.ts';
import type { RouterOptions } from './auth/authenticate-router.ts';
import { createEndpointRules } from './endpoint-rules.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createGatewayParts, type GatewayOptions } from './gateway-parts.ts';
import { createHotPath } from './hot-path/hot-path.ts';
import { pathOf } from './http/path-of.ts';
import { withSecurityHeaders } from './http/with-security-headers.ts';

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
  const endpoint = (forRouters?: RouterOptions) => {
    const rules = createEndpointRules(options, parts, forRouters);
    const gateway = createGateway(options, parts, forRouters, rules);
    const general = withSecurityHeaders(gateway);
    const listener = options.http.hotPath ? createHotPath(options, parts, rules, general) : general;
    return { gateway, listener };
  };
  const { gateway: clients, listener } = endpoint();
  if (!subgraph)
    return {
      origins: new Map([['/graphql', corsOrigins]]),
      listener,
      fetch: clients.fetch,
      dispose: async () => clients.dispose(),
    };
  const schema = await loadSubgraphSchema();
  const { gateway: routers, listener: routersListener } = endpoint({ schema, secret: subgraph.secret });
  const at = (path: string) => (path === '/subgraph' ? routers : clients);
  const fetch = (request: Request, ...context: never[]) =>
    at(new URL(request.url).pathname).fetch(request, ...context);
  return {
    origins: new Map([
      ['/graphql', corsOrigins],
      ['/subgraph', []],
    ]),
    listener: (request, response) =>
      pathOf(request.url ?? '') === '/subgraph'
        ? routersListener(request, response)
        : listener(request, response),
    fetch: fetch as Gateway['fetch'],
    dispose: async () => {
      await Promise.all([clients.dispose(), routers.dispose()]);
    },
  };
}
