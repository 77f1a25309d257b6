import type { Socket } from 'node:net';
import type { Config } from '../config/config.ts';
import type { ConfigurationFreshness } from '../config/configuration-freshness.ts';
import type { TenantEntry } from '../config/tenants/tenant-entry.ts';
import { createNotifiers } from '../notifications/notifiers.ts';
import type { Log } from '../telemetry/log.ts';
import { createLogObserver } from '../telemetry/log-observer.ts';
import { createMetrics, type TenantClass } from '../telemetry/metrics.ts';
import { combineObservers } from '../telemetry/observer.ts';
import { createUpstream } from '../upstream/upstream.ts';
import type { IdempotencyStore } from '../upstream/writes/idempotency-store.ts';
import { createAdminServer } from './admin.ts';
import { configuredAuthentication } from './auth/configured-authentication.ts';
import { headerSets } from './auth/header-sets.ts';
import { createTenants } from './auth/tenants.ts';
import { Connections } from './connections/connections.ts';
import { UnsentAnswers } from './connections/unsent-answers.ts';
import { createDirectories, type DirectoryRecords } from './directories.ts';
import { createDrain } from './drain.ts';
import { createEndpoints } from './endpoints.ts';
import type { GatewayOptions } from './gateway-parts.ts';
import { dataNotice } from './graphiql/data-notice.ts';
import { createHttpServer, limits } from './http/http-server.ts';
import { closeServer, listen } from './http/listen.ts';
import { pathOf } from './http/path-of.ts';
import { LoadShedding } from './limits/load-shedding.ts';
import { checkReadiness, type Readiness } from './readiness.ts';
import { OpenSubscriptions } from './subscriptions/open-subscriptions.ts';
import { createWebSockets } from './subscriptions/web-sockets.ts';
import { warmUp } from './warm-up.ts';

/** The Management API, real or the embedded sandbox, and the tenants whose data callers may read. */
export interface Upstream {
  readonly url: string;
  readonly tenants: readonly TenantEntry[];
  readonly exampleMsn?: (() => string | undefined) | undefined;
  /** Whether all of its data is made up, in this process. */
  readonly isSandbox?: boolean | undefined;
}

/** A running gateway. */
export interface RunningGateway {
  readonly port: number;
  readonly adminPort: number;
  /** The records of all directories. */
  directoryRecords(): DirectoryRecords;
  /** Replaces the configured tenants. */
  updateTenants(entries: readonly TenantEntry[]): void;
  /** Reports that it is not ready, finishes the requests that were sent, then closes the upstream's connections. */
  stop(): Promise<void>;
}

const PURGE_EVERY_MS = 60_000;
/** A subscription has no long input. */
const MAX_MESSAGE_BYTES = 256 * 1024;

export interface StartOptions {
  readonly upstream: Upstream;
  readonly store: IdempotencyStore;
  readonly freshness: ConfigurationFreshness;
  readonly log: Log;
}

/** Starts the GraphQL and the admin listener. Throws `ListenError`. */
export async function startGateway(
  config: Config,
  { upstream, store, freshness, log }: StartOptions,
): Promise<RunningGateway> {
  const metrics = config.metrics.enabled ? createMetrics(config.upstream.concurrency) : undefined;
  const logObserver = createLogObserver(log);
  const observe = (tenantClass: TenantClass) =>
    metrics ? combineObservers(logObserver, metrics.observer(tenantClass)) : logObserver;
  const managementApi = createUpstream({
    ...config.upstream,
    origin: upstream.url,
    store,
    // Enough for a few of the largest operations. Beyond that, callers get OVERLOADED.
    maxQueued: 4 * config.limits.maxUpstreamCalls,
    cache: config.cache.maxBytes,
    maxStaleMs: config.cache.maxStaleMs,
    observer: observe('configured'),
    visitorObserver: observe('visitor'),
  });
  const directories =
    config.directory &&
    createDirectories(upstream.url, config.directory, log, (kind) => metrics?.changeSeen(kind));
  const directoryRecords = () => directories?.records() ?? { known: 0, missing: 0 };
  const tenants = createTenants(managementApi, upstream.tenants, directories);
  const notifiers = createNotifiers({
    ...config.notifications,
    allowed: config.notifications.allowedNetworks,
    log,
    onAttempt: metrics?.notificationSent,
  });
  const announce = (entries: readonly TenantEntry[]) =>
    notifiers.update(
      entries.map(({ id, targets }) => ({ id, targets, directory: tenants.byId(id)?.directory })),
    );
  announce(upstream.tenants);
  const purging = setInterval(tenants.purge, PURGE_EVERY_MS).unref();
  const unsentAnswers = new UnsentAnswers();
  const subscriptions = new OpenSubscriptions(config.limits.maxSubscriptions);
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
  });
  metrics?.watch({
    configurationStaleSeconds: () => freshness.staleSeconds,
    requestsUnderWay: () => shedding.underWay,
    unsentBytes: () => unsentAnswers.total,
    directoryRecords: () => directoryRecords().known,
    directoryMissingRecords: () => directoryRecords().missing,
    openSubscriptions: () => subscriptions.size,
    notificationsFailingSeconds: () => notifiers.failingMs() / 1_000,
  });
  const gatewayOptions: GatewayOptions = {
    unsentAnswers,
    subscriptions,
    shedding,
    metrics,
    authenticate: configuredAuthentication(config.auth, tenants),
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
  };
  const endpoints = await createEndpoints(gatewayOptions, config.subgraph);

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
  let readiness: Readiness | undefined;
  const isReady = () => readiness?.keysWork === true && !drain.isStopping;
  const admin = createAdminServer(
    {
      isReady,
      metrics,
      checks: () => ({
        keys: readiness?.keysWork ? undefined : 'no tenant has working keys yet',
        drain: drain.isStopping ? 'stopping' : undefined,
        configuration:
          freshness.staleSeconds > 0
            ? `stale for ${Math.round(freshness.staleSeconds)} s: mistakes in ${freshness.staleNames.join(', ')}`
            : undefined,
      }),
    },
    createBounds(),
  );
  await warmUp().catch((error: Error) => log.warn(error.message));
  await directories?.ready();
  const port = await listen(server, config.http.host, config.http.port, 'PORT');
  const adminPort = await listen(admin, config.http.host, config.http.adminPort, 'ADMIN_PORT').catch(
    async (error) => {
      await closeServer(server, 0);
      throw error;
    },
  );

  readiness = checkReadiness(tenants, log);

  return {
    port,
    adminPort,
    directoryRecords,
    updateTenants(entries) {
      tenants.update(entries);
      announce(entries);
    },
    async stop() {
      drain.start();
      clearInterval(purging);
      shedding.stop();
      readiness.stop();
      subscriptions.stop();
      await webSockets.stop();
      await drain.close(config.limits.requestDeadlineMs + 1_000);
      await endpoints.dispose();
      // Writes that were sent run to their end, so that their outcome is known when the caller asks again.
      await tenants.settled();
      await notifiers.stop();
      await directories?.stop();
      await managementApi.close();
      await closeServer(admin, 0);
    },
  };
}
