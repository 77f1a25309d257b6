import type { UpstreamClient } from '../upstream/client.ts';
import type { AnswerArchive } from '../upstream/reads/answer-archive.ts';
import { createDirectoryArchive } from './archive.ts';
import type {
  ChangeConditions,
  ChangePage,
  ChangePlace,
  FoundChanges,
  StoredChanges,
} from './changes/change.ts';
import { ChangeFeed } from './changes/feed.ts';
import type { ChangeStream, StreamOptions } from './changes/stream.ts';
import type {
  DirectoryIndex,
  Found,
  FoundMerchant,
  FoundUnit,
  IndexCounts,
  MerchantPage,
  ProductOrderTimes,
  UnitFacets,
  UnitPage,
} from './directory-index.ts';
import { Pace } from './pace.ts';
import { DirectorySync, type SyncState, type SyncWaits } from './sync.ts';

/** What the directory knows and does. */
export interface DirectoryStatus extends IndexCounts {
  readonly state: SyncState;
  /** Whether every unit of the list and every merchant of one is known. */
  readonly isComplete: boolean;
  /** Why not, for people; undefined if it is complete. */
  readonly incompleteBecause: string | undefined;
}

/** What resolvers ask the directory of their tenant. Every method may throw `DirectoryUnavailable`. */
export interface Directory {
  units(page: UnitPage): Promise<Found<FoundUnit>>;
  merchants(page: MerchantPage): Promise<Found<FoundMerchant>>;
  facets(request: Pick<UnitPage, 'query' | 'conditions'>): Promise<UnitFacets>;
  /** Throws {@link ChangesExpired}. */
  changes(page: ChangePage): Promise<FoundChanges>;
  countChanges(conditions: ChangeConditions): Promise<number>;
  /** Follows the changes after a place, or from now on. Throws {@link ChangesExpired}. Close the stream. */
  followChanges(after: ChangePlace | undefined, options: StreamOptions): Promise<ChangeStream>;
  productOrderTimes(keys: readonly string[]): Promise<ReadonlyMap<string, ProductOrderTimes>>;
  status(): Promise<DirectoryStatus>;
  /** Whether it may answer reads of single objects, or only searches. */
  readonly answersReads: boolean;
  /** What {@link Directory.status} last returned, which is a second old at most. */
  readonly lastStatus: DirectoryStatus | undefined;
}

/** The directory of one tenant with what keeps it current. */
export interface RunningDirectory extends Directory {
  readonly archive: AnswerArchive;
  /** Tells those who follow the changes of these, which have been stored. */
  changed(stored: StoredChanges): void;
  /** Resolves when the first search is as fast as later ones. */
  ready(): Promise<void>;
  /** Begins to read from the upstream with this client, instead of an earlier one. */
  start(client: Pick<UpstreamClient, 'uncachedApi'>): void;
  /** Resolves when everything that was read is stored. */
  flush(): Promise<void>;
  /** Stops reading and stores what was read. */
  stop(): Promise<void>;
}

export interface DirectoryOptions {
  readonly index: DirectoryIndex;
  /** Background calls at most; `Infinity` for the embedded sandbox. */
  readonly callsPerSecond: number;
  readonly listMs: number;
  readonly ordersMs: number;
  /** See {@link Directory.answersReads}. */
  readonly answersReads: boolean;
  readonly onFailure: (error: unknown) => void;
  readonly waits?: SyncWaits;
  /** Called when it is known how much there is to read. */
  readonly onFilling?: (status: DirectoryStatus) => void;
  /** Called when the directory has become complete, and when it is no longer. */
  readonly onCompleteness?: (isComplete: boolean, status: DirectoryStatus) => void;
}

/** Counting a hundred thousand rows takes a few milliseconds. */
const STATUS_MS = 1_000;

/** Creates the directory of one tenant. */
export function createDirectory(options: DirectoryOptions): RunningDirectory {
  const { index, callsPerSecond, listMs, ordersMs, onFailure, waits } = options;
  const archive = createDirectoryArchive(index, onFailure, () => sync?.ordersChanged());
  const feed = new ChangeFeed(index);
  let sync: DirectorySync | undefined;
  let known: { readonly at: number; readonly counts: Promise<IndexCounts> } | undefined;
  let lastStatus: DirectoryStatus | undefined;
  let isFilling = false;
  let watching: NodeJS.Timeout | undefined;

  const countsNow = () => {
    const now = performance.now();
    if (!known || now - known.at > (lastStatus?.isComplete ? STATUS_MS : STATUS_MS / 10)) {
      const counts = index.counts();
      known = { at: now, counts };
      counts.catch(() => {
        known = undefined;
      });
    }
    return known.counts;
  };
  const status = async (): Promise<DirectoryStatus> => {
    const counts = await countsNow();
    const because = incompleteBecause(counts, sync?.pauseReason);
    const isComplete = because === undefined;
    const result = {
      ...counts,
      state: sync?.state ?? 'starting',
      isComplete,
      incompleteBecause: because,
    } as const;
    if (!isFilling && !isComplete && counts.listReadAt !== undefined) {
      isFilling = true;
      options.onFilling?.(result);
    }
    const wasComplete = lastStatus?.isComplete ?? false;
    lastStatus = result;
    if (isComplete !== wasComplete) {
      isFilling = !isComplete;
      options.onCompleteness?.(isComplete, result);
    }
    return result;
  };

  return {
    archive,
    ready: index.ready,
    answersReads: options.answersReads,
    units: index.units,
    merchants: index.merchants,
    facets: index.facets,
    changes: index.changes,
    countChanges: index.countChanges,
    followChanges: (after, options) => feed.follow(after, options),
    changed: (stored) => feed.add(stored),
    productOrderTimes: index.productOrderTimes,
    status,
    get lastStatus() {
      return lastStatus;
    },
    start(client) {
      const pace = new Pace({ callsPerSecond });
      const { flush } = archive;
      void sync?.stop();
      clearInterval(watching);
      sync = new DirectorySync({
        index,
        api: client.uncachedApi,
        pace,
        listMs,
        ordersMs,
        flush,
        onFailure,
        waits,
      });
      sync.start();
      watching = setInterval(() => void status().catch(() => {}), STATUS_MS).unref();
    },
    flush: archive.flush,
    async stop() {
      clearInterval(watching);
      await sync?.stop();
      await archive.flush();
      await index.close();
    },
  };
}

function incompleteBecause(counts: IndexCounts, pauseReason: string | undefined): string | undefined {
  const units = counts.salesUnits - counts.knownSalesUnits;
  const merchants = counts.merchants - counts.knownMerchants;
  const missing =
    counts.listReadAt === undefined
      ? 'The list of sales units has not been read yet'
      : units > 0
        ? `${units} of ${counts.salesUnits} sales units have not been read yet`
        : merchants > 0
          ? `${merchants} of ${counts.merchants} merchants have not been read yet`
          : undefined;
  if (missing === undefined) return undefined;
  return pauseReason ? `${missing}: ${pauseReason}.` : `${missing}.`;
}
