import type { Config } from '../config/config.ts';
import type { ConfigurationFreshness } from '../config/configuration-freshness.ts';
import type { TenantEntry } from '../config/tenants/tenant-entry.ts';
import type { Log } from '../telemetry/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import type { IdempotencyStore } from '../upstream/writes/idempotency-store.ts';
import { createAdminServer } from './admin.ts';
import type { DirectoryRecords } from './directories.ts';
import { createHealth } from './health.ts';
import { closeServer, listen } from './http/listen.ts';
import { createPublicServer } from './public-server.ts';
import { checkReadiness, type Readiness } from './readiness.ts';
import { createSharedServices, type Upstream } from './shared-services.ts';

/** A running gateway. */
export interface RunningGateway {
  readonly port: number;
  readonly adminPort: number;
  /** The records of all directories. */
  directoryRecords(): DirectoryRecords;
  /** Replaces the configured tenants. Resolves when no request is answered by what they were before. */
  updateTenants(entries: readonly TenantEntry[]): void | Promise<void>;
  /** Reports that it is not ready, finishes the requests that were sent, then closes the upstream's connections. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly upstream: Upstream;
  readonly store: IdempotencyStore;
  readonly freshness: ConfigurationFreshness;
  readonly log: Log;
}

/** Starts the GraphQL and the admin listener in this process. Throws `ListenError`. */
export async function startGateway(
  config: Config,
  { upstream, store, freshness, log }: StartOptions,
): Promise<RunningGateway> {
  const metrics = config.metrics.enabled ? createMetrics(config.upstream.concurrency) : undefined;
  const services = await createSharedServices(config, { upstream, store, log, metrics });
  const { tenants, directoryRecords, updateTenants } = services;
  const server = await createPublicServer(config, { upstream, tenants, log, metrics });
  metrics?.watch({
    configurationStaleSeconds: () => freshness.staleSeconds,
    workers: () => 1,
    ...services.readings,
    ...server.readings,
  });
  let readiness: Readiness | undefined;
  const admin = createAdminServer(
    createHealth({
      freshness,
      metrics,
      readiness: () => readiness,
      isStopping: () => server.isStopping,
    }),
    server.createBounds(),
  );
  await services.ready();
  const port = await server.listen();
  const adminPort = await listen(admin, config.http.host, config.http.adminPort, 'ADMIN_PORT').catch(
    async (error) => {
      await server.stop();
      throw error;
    },
  );
  readiness = checkReadiness(tenants, log);
  return {
    port,
    adminPort,
    directoryRecords,
    updateTenants,
    async stop() {
      readiness.stop();
      await server.stop();
      await services.stop();
      await closeServer(admin, 0);
    },
  };
}
