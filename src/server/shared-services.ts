import type { Config } from '../config/config.ts';
import type { TenantEntry } from '../config/tenants/tenant-entry.ts';
import type { StoredChanges } from '../directory/changes/change.ts';
import { createNotifiers } from '../notifications/notifiers.ts';
import type { Log } from '../telemetry/log.ts';
import { createLogObserver } from '../telemetry/log-observer.ts';
import type { Metrics, Readings, TenantClass } from '../telemetry/metrics.ts';
import { combineObservers } from '../telemetry/observer.ts';
import type { SharedParts } from '../upstream/client.ts';
import { createUpstream } from '../upstream/upstream.ts';
import type { IdempotencyStore } from '../upstream/writes/idempotency-store.ts';
import { createTenants, type Tenants } from './auth/tenants.ts';
import type { DirectoryRecords } from './directories.ts';

/** The Management API, real or the embedded sandbox, and the tenants whose data callers may read. */
export interface Upstream {
  readonly url: string;
  readonly tenants: readonly TenantEntry[];
  readonly exampleMsn?: (() => string | undefined) | undefined;
  /** Whether all of its data is made up, in this process. */
  readonly isSandbox?: boolean | undefined;
}

export interface SharedServicesOptions {
  readonly upstream: Upstream;
  readonly store: IdempotencyStore;
  readonly log: Log;
  readonly metrics: Metrics | undefined;
  /** See `SharedParts.onDrop`. */
  readonly onDrop?: SharedParts['onDrop'];
  /** Called with changes that a directory has stored, before anybody who follows them. */
  readonly onStored?: (tenantId: string, stored: StoredChanges) => void;
}

/** What must exist once, however many processes accept requests: clients, directories and change notifications. */
export interface SharedServices {
  readonly tenants: Tenants;
  /** What {@link Metrics.watch} reads of them. */
  readonly readings: Pick<
    Readings,
    'directoryRecords' | 'directoryMissingRecords' | 'notificationsFailingSeconds'
  >;
  directoryRecords(): DirectoryRecords;
  /** Resolves when the first search is as fast as later ones. */
  ready(): Promise<void>;
  /** Replaces the configured tenants. */
  updateTenants(entries: readonly TenantEntry[]): void;
  /** Call it when nothing is asked any more. Writes that were sent run to their end. */
  stop(): Promise<void>;
}

const PURGE_EVERY_MS = 60_000;

export async function createSharedServices(
  config: Config,
  { upstream, store, log, metrics, onDrop, onStored }: SharedServicesOptions,
): Promise<SharedServices> {
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
    onDrop,
  });
  const directories =
    config.directory &&
    (await import('./directories.ts')).createDirectories(
      upstream.url,
      config.directory,
      log,
      (kind) => metrics?.changeSeen(kind),
      onStored ?? (() => {}),
    );
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
  return {
    tenants,
    readings: {
      directoryRecords: () => directoryRecords().known,
      directoryMissingRecords: () => directoryRecords().missing,
      notificationsFailingSeconds: () => notifiers.failingMs() / 1_000,
    },
    directoryRecords,
    ready: async () => directories?.ready(),
    updateTenants(entries) {
      tenants.update(entries);
      announce(entries);
    },
    async stop() {
      clearInterval(purging);
      // Writes that were sent run to their end, so that their outcome is known when the caller asks again.
      await tenants.settled();
      await notifiers.stop();
      await directories?.stop();
      await managementApi.close();
    },
  };
}
