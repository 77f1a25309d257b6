import { setTimeout as sleep } from 'node:timers/promises';
import type { DirectoryConfig } from '../config/config.ts';
import { describeFileProblem } from '../config/files/file-problem.ts';
import type { TenantEntry } from '../config/tenants/tenant-entry.ts';
import type { ChangeKind, StoredChanges } from '../directory/changes/change.ts';
import { createDirectory, type RunningDirectory } from '../directory/directory.ts';
import { describeFillTime } from '../directory/fill-time.ts';
import { DirectoryFiles } from '../store/directory/directory-files.ts';
import { DirectoryThread } from '../store/directory/directory-thread.ts';
import type { Log } from '../telemetry/log.ts';

/** How many units and merchants are known, and how many are not yet. */
export interface DirectoryRecords {
  readonly known: number;
  readonly missing: number;
}

/** The directories of the configured tenants. */
export interface Directories {
  /** Returns the directory of a tenant, the same one while its API and its client id stay the same. */
  of(entry: TenantEntry): RunningDirectory;
  /** Stops the directories of all other tenants and deletes their files. */
  keepOnly(entries: readonly TenantEntry[]): void;
  /** Returns the records of all of them. */
  records(): DirectoryRecords;
  /** Resolves when the first search of each is as fast as later ones, or after two seconds. */
  ready(): Promise<void>;
  /** Stops reading, and stores what was read. */
  stop(): Promise<void>;
}

/** Replicas of the Management API may be apart for a moment, and two callers may read the list within it. */
const CONFIRM_MS = 5_000;
/** A restart, or a few lists that fail, is no gap in what was observed. */
const LEAST_GAP_MS = 600_000;
const GAP_LISTS = 3;
/** A directory of a hundred thousand units takes a quarter of it. */
const READY_MS = 2_000;
/** A failure of the disk repeats with each answer. */
const LOG_EVERY_MS = 10_000;

/** Creates the directories. `onChange`: called with each change of any of them; `onStored`: with what was stored together. */
export function createDirectories(
  origin: string,
  config: DirectoryConfig,
  log: Log,
  onChange: (kind: ChangeKind) => void,
  onStored: (tenantId: string, stored: StoredChanges) => void = () => {},
): Directories {
  const files = openFiles(config.folder, log);
  const thread = new DirectoryThread();
  const directories = new Map<string, RunningDirectory>();
  const leaving = new Set<Promise<void>>();

  const idOf = ({ id, credentials: { clientId, merchantSerialNumber } }: TenantEntry) =>
    JSON.stringify([origin, id, clientId, merchantSerialNumber ?? null]);

  const open = (entry: TenantEntry, id: string): RunningDirectory => {
    const { id: tenant } = entry;
    const path = files.pathOf(JSON.parse(id));
    let loggedAt = Number.NEGATIVE_INFINITY;
    const onFailure = (error: unknown) => {
      if (performance.now() - loggedAt < LOG_EVERY_MS) return;
      loggedAt = performance.now();
      log.warn({ tenant, reason: (error as Error).message }, 'the directory could not be updated');
    };
    const onDamage = (reason: string) =>
      log.error(
        { tenant, reason },
        'the directory was damaged: it is set aside as ….damaged and is read from the Management API again',
      );
    const startedAt = performance.now();
    const directory: RunningDirectory = createDirectory({
      index: thread.open(
        {
          path,
          maxAgeMs: config.maxAgeMs,
          changesKeepMs: config.changesKeepMs,
          confirmMs: CONFIRM_MS,
          gapMs: Math.max(LEAST_GAP_MS, GAP_LISTS * config.listMs),
        },
        {
          onFailure,
          onDamage,
          onChanges: (stored) => {
            for (const { kind } of stored.changes) onChange(kind);
            onStored(tenant, stored);
            directory.changed(stored);
          },
        },
      ),
      callsPerSecond: config.callsPerSecond,
      listMs: config.listMs,
      ordersMs: config.ordersMs,
      answersReads: config.answersReads,
      onFailure,
      onFilling: ({ salesUnits, knownSalesUnits }) =>
        log.info(
          {
            tenant,
            salesUnits,
            knownSalesUnits,
            takes: describeFillTime(salesUnits - knownSalesUnits, config.callsPerSecond),
          },
          'the directory is being filled',
        ),
      onCompleteness: (isComplete, { salesUnits, merchants, incompleteBecause }) =>
        isComplete
          ? log.info(
              { tenant, salesUnits, merchants, seconds: Math.round((performance.now() - startedAt) / 1_000) },
              'the directory is complete',
            )
          : log.info({ tenant, reason: incompleteBecause }, 'the directory is no longer complete'),
    });
    return directory;
  };

  return {
    of(entry) {
      const id = idOf(entry);
      const known = directories.get(id) ?? open(entry, id);
      directories.set(id, known);
      return known;
    },
    keepOnly(entries) {
      const kept = new Set(entries.map(idOf));
      for (const [id, directory] of directories) {
        if (kept.has(id)) continue;
        directories.delete(id);
        const gone = directory
          .stop()
          .catch(() => {})
          // Unless the tenant is back.
          .then(() => directories.has(id) || files.delete(files.pathOf(JSON.parse(id))))
          .then(() => {})
          .finally(() => leaving.delete(gone));
        leaving.add(gone);
      }
      // Those of tenants that left while the process was not running.
      if (leaving.size === 0)
        try {
          files.keepOnly([...kept].map((id) => files.pathOf(JSON.parse(id))));
        } catch (error) {
          log.warn(
            { reason: describeFileProblem(error) },
            'directories of former tenants could not be deleted',
          );
        }
    },
    records() {
      let [known, missing] = [0, 0];
      for (const { lastStatus } of directories.values()) {
        if (!lastStatus) continue;
        const { salesUnits, knownSalesUnits, merchants, knownMerchants } = lastStatus;
        known += knownSalesUnits + knownMerchants;
        missing += salesUnits + merchants - knownSalesUnits - knownMerchants;
      }
      return { known, missing };
    },
    async ready() {
      const all = [...directories.values()].map((directory) => directory.ready().catch(() => {}));
      await Promise.race([Promise.all(all), sleep(READY_MS, undefined, { ref: false })]);
    },
    async stop() {
      await Promise.all([
        ...[...directories.values()].map((directory) => directory.stop().catch(() => {})),
        ...leaving,
      ]);
      await thread.stop();
    },
  };
}

/** A read-only container must still start. Its directories are then filled again after each start. */
function openFiles(folder: string | undefined, log: Log): DirectoryFiles {
  try {
    return new DirectoryFiles(folder);
  } catch (error) {
    log.warn(
      { folder, reason: describeFileProblem(error) },
      'the directory is kept in memory only: set DATA_DIR to a writable folder',
    );
    return new DirectoryFiles(undefined);
  }
}
