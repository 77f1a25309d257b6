import type { Config } from '../../config/config.ts';
import type { DirectoryStatus } from '../../directory/directory.ts';
import { createAdminServer } from '../../server/admin.ts';
import { createHealth } from '../../server/health.ts';
import { createHttpServer } from '../../server/http/http-server.ts';
import { closeServer, listen } from '../../server/http/listen.ts';
import { MinutePoints } from '../../server/limits/minute-points.ts';
import { checkReadiness, type Readiness } from '../../server/readiness.ts';
import { createSharedServices } from '../../server/shared-services.ts';
import type { RunningGateway, StartOptions } from '../../server/start.ts';
import { createMetrics, type Metrics } from '../../telemetry/metrics.ts';
import { SummedMetrics } from '../../telemetry/summed-metrics.ts';
import { exportProcessKey } from '../../upstream/keys/tenant-key.ts';
import { createClientBook } from './client-book.ts';
import { Drops } from './drops.ts';
import { PointsLedger } from './points-ledger.ts';
import { serveWorker } from './serve-worker.ts';
import { SharedSubscriptions } from './shared-subscriptions.ts';
import { tellAll, within } from './tell-all.ts';
import { toWireConfig, toWireTenants } from './wire-config.ts';
import { type RunningWorker, WorkerProcesses } from './worker-processes.ts';

/** What requests may take longer than their deadline, and then the worker itself. */
const GRACE_MS = 5_000;
const METRICS_MS = 1_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Starts the admin listener in this process, and the workers, which accept GraphQL. This process has everything that must
 * exist once, and makes all calls. Throws `ListenError`.
 */
export async function startPrimary(
  config: Config,
  { upstream, store, freshness, log }: StartOptions,
): Promise<RunningGateway> {
  const metrics = config.metrics.enabled ? createMetrics(config.upstream.concurrency) : undefined;
  const drops = new Drops(() => workers);
  const services = await createSharedServices(config, {
    upstream,
    store,
    log,
    metrics,
    onDrop: drops.add,
    onStored(tenant, stored) {
      for (const { channel } of workers.all) channel.notify('changes', { tenant, stored });
    },
  });
  const { tenants } = services;
  const deadlineMs = config.limits.requestDeadlineMs;
  const clients = createClientBook(tenants, deadlineMs + GRACE_MS);
  const ledger = new PointsLedger(
    () => workers.running.size,
    (keys) =>
      Promise.all(
        [...workers.running].map(({ channel }) =>
          within(METRICS_MS, channel.request('returnPoints', keys)).then((returned) => returned ?? []),
        ),
      ),
  );
  const authFailures = new MinutePoints();
  const subscriptions = new SharedSubscriptions();
  const counted = new Map<RunningWorker, unknown>();
  const summed = new SummedMetrics();
  // Checked here, so that a port that is in use is reported as without workers. Every worker then has the same one.
  const port = await freePort(config);
  let entries = upstream.tenants;
  const workers: WorkerProcesses = new WorkerProcesses({
    count: config.workers,
    log,
    serve(worker) {
      const end = serveWorker(worker, {
        tenants,
        clients,
        drops,
        ledger,
        authFailures,
        subscriptions,
        workers: () => workers.all,
      });
      return () => {
        end();
        summed.keep(counted.get(worker));
        counted.delete(worker);
      };
    },
    onStarted(worker) {
      for (const { id, directory } of tenants.all())
        if (directory?.lastStatus)
          worker.channel.notify('directoryStatus', { tenant: id, status: directory.lastStatus });
    },
    hello: (number) => ({
      worker: number,
      origin: upstream.url,
      isSandbox: upstream.isSandbox ?? false,
      exampleMsn: upstream.exampleMsn?.(),
      processKey: exportProcessKey(),
      tenants: toWireTenants(entries, tenants),
      subgraphSecret: config.subgraph?.secret?.reveal(),
      config: toWireConfig({ ...config, http: { ...config.http, port } }),
    }),
    onEnded: () => metrics?.workerEnded(),
  });
  const stopWatching = watchShared(config, tenants.all, workers);
  metrics?.watch({
    configurationStaleSeconds: () => freshness.staleSeconds,
    workers: () => 0,
    requestsUnderWay: () => 0,
    unsentBytes: () => 0,
    openSubscriptions: () => 0,
    ...services.readings,
  });
  let readiness: Readiness | undefined;
  let isStopping = false;
  const admin = createAdminServer(
    createHealth({
      freshness,
      metrics: metrics && { contentType: metrics.contentType, text: () => textOfAll(metrics) },
      readiness: () => readiness,
      isStopping: () => isStopping,
      problem: () => ({
        name: 'workers',
        text: workers.running.size === 0 ? 'no worker accepts requests' : undefined,
      }),
    }),
  );
  const textOfAll = async (own: Metrics) => {
    const all = [...workers.running].map(async (worker) => {
      const answer = await within(METRICS_MS, worker.channel.request('metrics', undefined));
      if (answer && workers.running.has(worker)) counted.set(worker, answer.value);
      return counted.get(worker);
    });
    return summed.text([await own.values(), ...(await Promise.all(all))]);
  };

  const close = async () => {
    stopWatching();
    await services.stop();
  };
  try {
    await services.ready();
    const adminPort = await listen(admin, config.http.host, config.http.adminPort, 'ADMIN_PORT');
    await workers.start().catch(async (error) => {
      await closeServer(admin, 0);
      throw error;
    });
    readiness = checkReadiness(tenants, log);
    const started = readiness;
    return {
      port,
      adminPort,
      directoryRecords: services.directoryRecords,
      async updateTenants(next) {
        entries = next;
        services.updateTenants(next);
        clients.update();
        await tellAll(workers, 'tenants', toWireTenants(next, tenants));
      },
      async stop() {
        isStopping = true;
        started.stop();
        await workers.stop(deadlineMs + GRACE_MS);
        await close();
        await closeServer(admin, 0);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function freePort({ http: { host, port } }: Config): Promise<number> {
  const server = createHttpServer(() => {});
  const found = await listen(server, host, port, 'PORT');
  await closeServer(server, 0);
  return found;
}

/** Tells workers of what they read at any time: the state of directories and the secret of routers. */
function watchShared(
  { subgraph }: Config,
  tenants: () => readonly {
    readonly id: string;
    readonly directory?: { readonly lastStatus: DirectoryStatus | undefined } | undefined;
  }[],
  workers: Pick<WorkerProcesses, 'all'>,
): () => void {
  const told = new Map<string, DirectoryStatus>();
  let secret = subgraph?.secret?.reveal();
  const look = () => {
    const next = subgraph?.secret?.reveal();
    if (next !== undefined && next !== secret)
      for (const { channel } of workers.all) channel.notify('subgraphSecret', next);
    secret = next;
    for (const { id, directory } of tenants()) {
      const status = directory?.lastStatus;
      if (!status || told.get(id) === status) continue;
      told.set(id, status);
      for (const { channel } of workers.all) channel.notify('directoryStatus', { tenant: id, status });
    }
  };
  const looking = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(looking);
}
