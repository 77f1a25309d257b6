import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthConfig, Config } from '../config/config.ts';
import type { TenantEntry } from '../config/tenants-file.ts';
import type { Log } from '../telemetry/log.ts';
import { createLogObserver } from '../telemetry/log-observer.ts';
import { createUpstream } from '../upstream/upstream.ts';
import type { IdempotencyStore } from '../upstream/writes/idempotency-store.ts';
import { createAdminServer } from './admin.ts';
import { byApiKey } from './auth/api-key.ts';
import { type Authenticate, allowAnyone, authenticateBy } from './auth/authenticate.ts';
import { headerTemplate } from './auth/header-template.ts';
import { byJwt } from './auth/jwt.ts';
import { createTenants, type Tenants } from './auth/tenants.ts';
import { byVippsKeys } from './auth/vipps-keys.ts';
import { Connections } from './connections/connections.ts';
import { UnsentAnswers } from './connections/unsent-answers.ts';
import { createGateway } from './gateway.ts';
import { createHttpServer, limits } from './http/http-server.ts';
import { closeServer, listen } from './http/listen.ts';
import { warmUp } from './warm-up.ts';

/** The Management API to speak to, a real one or the embedded sandbox, and whose data may be asked for. */
export interface Upstream {
  readonly url: string;
  readonly tenants: readonly TenantEntry[];
  readonly exampleMsn?: (() => string | undefined) | undefined;
}

/** A gateway that listens. */
export interface RunningGateway {
  readonly port: number;
  readonly adminPort: number;
  /** Takes another reading of the tenants. */
  updateTenants(entries: readonly TenantEntry[]): void;
  /** Not ready at once, then no new connection, then the answers under way, then the upstream's connections. */
  stop(): Promise<void>;
}

const PURGE_EVERY_MS = 60_000;
const DRAIN_MS = 250;
const LONGEST_DRAIN_MS = 5_000;
const KEY_CHECK_FIRST_PAUSE_MS = 1_000;
const KEY_CHECK_LONGEST_PAUSE_MS = 30_000;

/** Starts the GraphQL and the admin listener. Throws `ListenError`. */
export async function startGateway(
  config: Config,
  upstream: Upstream,
  store: IdempotencyStore,
  log: Log,
): Promise<RunningGateway> {
  const managementApi = createUpstream({
    ...config.upstream,
    origin: upstream.url,
    store,
    // Room for a few of the largest operations; beyond that a caller is told to come back.
    maxQueued: 4 * config.limits.maxUpstreamCalls,
    cache: config.cache.maxBytes,
    observer: createLogObserver(log),
  });
  const tenants = createTenants(managementApi, upstream.tenants);
  const purging = setInterval(tenants.purge, PURGE_EVERY_MS).unref();
  const unsentAnswers = new UnsentAnswers();
  const createBounds = () => ({
    connections: new Connections({
      maxPerNetwork: config.http.maxConnectionsPerAddress,
      trustedProxies: config.http.trustedProxies,
    }),
    unsentAnswers,
  });
  const gateway = createGateway({
    unsentAnswers,
    authenticate: authenticateAs(config.auth, tenants),
    open: config.auth.methods.includes('none'),
    log,
    http: config.http,
    limits: config.limits,
    graphiql: {
      enabled: config.graphiql.enabled,
      callerHeaders: headerTemplate(config.auth.methods),
      exampleMsn: upstream.exampleMsn,
    },
    production: config.production,
  });

  let keysChecked = false;
  let stopping = false;
  const server = createHttpServer(gateway, limits, createBounds());
  const answering = new Set<ServerResponse>();
  let lastArrival = 0;
  server.prependListener('request', (request, response: ServerResponse) => {
    if (stopping) response.setHeader('connection', 'close');
    lastArrival = performance.now();
    answering.add(response);
    response.once('close', () => answering.delete(response));
    // A response that waits behind another gets no `close` of its own when the connection goes.
    request.once('close', () => request.socket.destroyed && answering.delete(response));
  });
  const admin = createAdminServer({ isReady: () => keysChecked && !stopping }, createBounds());
  await warmUp().catch((error: Error) => log.warn(error.message));
  const port = await listen(server, config.http.host, config.http.port, 'PORT');
  const adminPort = await listen(admin, config.http.host, config.http.adminPort, 'ADMIN_PORT').catch(
    async (error) => {
      await closeServer(server, 0);
      throw error;
    },
  );

  let retry: NodeJS.Timeout | undefined;
  // Ready when the keys of one tenant work: those of another are not its fault, and its callers learn of them.
  const checkKeys = async (pause: number) => {
    const checks = tenants.all().map(async ({ id, client }) => {
      try {
        await client.checkKeys();
      } catch (error) {
        log.warn({ tenant: id, reason: (error as Error).message }, 'the upstream does not accept the keys');
        throw error;
      }
    });
    try {
      if (checks.length > 0) await Promise.any(checks);
      keysChecked = true;
      log.info('the upstream accepts the keys: ready');
    } catch (error) {
      if (stopping) return;
      const [first] = (error as AggregateError).errors as Error[];
      log.warn({ retryInMs: pause }, `not ready: ${first?.message}`);
      retry = setTimeout(checkKeys, pause, Math.min(pause * 2, KEY_CHECK_LONGEST_PAUSE_MS));
    }
  };
  void checkKeys(KEY_CHECK_FIRST_PAUSE_MS);

  return {
    port,
    adminPort,
    updateTenants: tenants.update,
    async stop() {
      stopping = true;
      clearInterval(purging);
      clearTimeout(retry);
      // Clients must not send another request on a connection that is about to go.
      for (const response of answering) if (!response.headersSent) response.setHeader('connection', 'close');
      // Connections that the system has accepted for us would be reset: they are served as long as they keep coming.
      const stoppedAt = performance.now();
      do await sleep(DRAIN_MS);
      while (performance.now() - lastArrival < DRAIN_MS && performance.now() - stoppedAt < LONGEST_DRAIN_MS);
      await closeServer(server, config.limits.requestDeadlineMs + 1_000);
      await gateway.dispose();
      // What was sent is carried to its end, so that its outcome is known when its caller asks again.
      await tenants.settled();
      await managementApi.close();
      await closeServer(admin, 0);
    },
  };
}

function authenticateAs({ methods, jwt }: AuthConfig, tenants: Tenants): Authenticate {
  if (methods.includes('none')) return allowAnyone(tenants);
  return authenticateBy([
    ...(methods.includes('api-key') ? [byApiKey(tenants)] : []),
    ...(jwt ? [byJwt(tenants, jwt)] : []),
    ...(methods.includes('vipps-keys') ? [byVippsKeys(tenants)] : []),
  ]);
}
