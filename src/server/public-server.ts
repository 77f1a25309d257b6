import type { Socket } from 'node:net';
import type { AuthConfig, CacheConfig, HttpConfig, LimitsConfig, SubgraphConfig } from '../config/config.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics, Readings } from '../telemetry/metrics.ts';
import { configuredAuthentication } from './auth/configured-authentication.ts';
import { headerSets } from './auth/header-sets.ts';
import type { Tenants } from './auth/tenants.ts';
import { Connections } from './connections/connections.ts';
import { UnsentAnswers } from './connections/unsent-answers.ts';
import { createDrain } from './drain.ts';
import { createEndpoints } from './endpoints.ts';
import type { GatewayOptions } from './gateway-parts.ts';
import { dataNotice } from './graphiql/data-notice.ts';
import { type ClientBounds, createHttpServer, limits } from './http/http-server.ts';
import { listen } from './http/listen.ts';
import { pathOf } from './http/path-of.ts';
import { LoadShedding } from './limits/load-shedding.ts';
import type { Upstream } from './shared-services.ts';
import { OpenSubscriptions } from './subscriptions/open-subscriptions.ts';
import { createWebSockets } from './subscriptions/web-sockets.ts';

/** The sections of the configuration that a server of GraphQL uses. */
export interface PublicServerConfig {
  readonly http: HttpConfig;
  readonly auth: AuthConfig;
  readonly limits: LimitsConfig;
  readonly cache: CacheConfig;
  readonly graphiql: { readonly enabled: boolean };
  readonly subgraph: SubgraphConfig | undefined;
  readonly production: boolean;
}

export interface PublicServerOptions {
  readonly upstream: Pick<Upstream, 'url' | 'isSandbox' | 'exampleMsn'>;
  readonly tenants: Tenants;
  readonly log: Log;
  readonly metrics: Metrics | undefined;
  /** Shared with other processes; its own if absent. */
  readonly rateLimits?: GatewayOptions['rateLimits'];
  readonly failureLimit?: GatewayOptions['failureLimit'];
  readonly subscriptions?: OpenSubscriptions;
  /** See `LoadSheddingOptions.lagMs`. */
  readonly lagMs?: () => number;
}

/** The server that clients send GraphQL to. */
export interface PublicServer {
  /** What {@link Metrics.watch} reads of it. */
  readonly readings: Pick<Readings, 'requestsUnderWay' | 'unsentBytes' | 'openSubscriptions'>;
  /** New bounds for the clients of another server of the process. They share the bytes that are not sent yet. */
  createBounds(): ClientBounds;
  /** Resolves to the port. Throws `ListenError`. */
  listen(): Promise<number>;
  readonly isStopping: boolean;
  /** Finishes the requests that were sent, then closes. */
  stop(): Promise<void>;
}

/** A subscription has no long input. */
const MAX_MESSAGE_BYTES = 256 * 1024;

export async function createPublicServer(
  config: PublicServerConfig,
  { upstream, tenants, log, metrics, rateLimits, failureLimit, ...given }: PublicServerOptions,
): Promise<PublicServer> {
  const unsentAnswers = new UnsentAnswers();
  const subscriptions = given.subscriptions ?? new OpenSubscriptions(config.limits.maxSubscriptions);
  const createBounds = () => ({
    connections: new Connections({
      maxPerNetwork: config.http.maxConnectionsPerAddress,
      trustedProxies: config.http.trustedProxies,
    }),
    unsentAnswers,
  });
  const shedding = new LoadShedding({
    onShed: (count) => {
      metrics?.requestsShed(count);
      log.warn({ count, status: 503, code: 'OVERLOADED' }, 'requests refused');
    },
    lagMs: given.lagMs,
  });
  const endpoints = await createEndpoints(
    {
      unsentAnswers,
      subscriptions,
      shedding,
      metrics,
      rateLimits,
      failureLimit,
      authenticate: await configuredAuthentication(config.auth, tenants),
      open: config.auth.methods.includes('none'),
      log,
      http: config.http,
      limits: config.limits,
      graphiql: {
        enabled: config.graphiql.enabled,
        headerSets: headerSets(config.auth.methods),
        notice: dataNotice(upstream),
        exampleMsn: upstream.exampleMsn,
      },
      production: config.production,
    },
    config.subgraph,
  );
  const bounds = createBounds();
  const webSockets = createWebSockets({
    fetch: endpoints.fetch,
    log,
    maxMessageBytes: Math.min(config.http.maxBodyBytes, MAX_MESSAGE_BYTES),
    onUse: (socket, isUsed) => bounds.connections.carry(socket as Socket, isUsed),
  });
  const server = createHttpServer(endpoints.listener, limits, {
    ...bounds,
    hasSecurityHeaders: true,
    shedding,
    upgrades: {
      origins: endpoints.origins,
      isFull: () => shedding.isFull,
      accept: webSockets.accept,
    },
    onRefused: ({ method, socket }, { code, status }) =>
      log.info({ method, status, code, address: socket.remoteAddress }, 'request refused'),
    ...(metrics && {
      onServed: ({ method, url = '' }, { statusCode: status }, seconds) =>
        metrics.requestServed({ method, path: pathOf(url), status, seconds }),
    }),
  });
  const drain = createDrain(server);
  return {
    readings: {
      requestsUnderWay: () => shedding.underWay,
      unsentBytes: () => unsentAnswers.total,
      openSubscriptions: () => subscriptions.size,
    },
    createBounds,
    listen: () => listen(server, config.http.host, config.http.port, 'PORT'),
    get isStopping() {
      return drain.isStopping;
    },
    async stop() {
      drain.start();
      shedding.stop();
      subscriptions.stop();
      await webSockets.stop();
      await drain.close(config.limits.requestDeadlineMs + 1_000);
      await endpoints.dispose();
    },
  };
}
