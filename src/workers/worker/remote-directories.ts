import type { TenantEntry } from '../../config/tenants/tenant-entry.ts';
import { ChangeFeed } from '../../directory/changes/feed.ts';
import type { DirectoryStatus, RunningDirectory } from '../../directory/directory.ts';
import { DirectoryUnavailable } from '../../directory/directory-index.ts';
import type { Directories } from '../../server/directories.ts';
import { type Channel, ChannelClosed } from '../channel.ts';
import type { DirectoryMethod } from '../protocol.ts';

interface RemoteDirectory extends RunningDirectory {
  setStatus(status: DirectoryStatus): void;
}

/** The directories as this process has them: the primary, which keeps them, is asked for each page. */
export function createRemoteDirectories(channel: Channel, answersReads: boolean): Directories {
  const directories = new Map<string, RemoteDirectory>();
  channel.on('changes', ({ tenant, stored }) => directories.get(tenant)?.changed(stored));
  channel.on('directoryStatus', ({ tenant, status }) => directories.get(tenant)?.setStatus(status));
  return {
    of({ id }: TenantEntry) {
      const directory = createRemoteDirectory(channel, id, answersReads);
      directories.set(id, directory);
      return directory;
    },
    keepOnly(entries) {
      const kept = new Set(entries.map(({ id }) => id));
      for (const id of directories.keys()) if (!kept.has(id)) directories.delete(id);
    },
    records: () => ({ known: 0, missing: 0 }),
    ready: async () => {},
    stop: async () => {},
  };
}

function createRemoteDirectory(channel: Channel, tenant: string, answersReads: boolean): RemoteDirectory {
  const ask =
    <Result>(method: DirectoryMethod) =>
    async (...args: readonly unknown[]): Promise<Result> => {
      const answer = await channel.request('directory', { tenant, method, args }).catch((error: unknown) => {
        if (error instanceof ChannelClosed) throw new DirectoryUnavailable(error.message, { cause: error });
        throw error;
      });
      return answer.value as Result;
    };
  const changes: RunningDirectory['changes'] = ask('changes');
  const feed = new ChangeFeed({ changes });
  let lastStatus: DirectoryStatus | undefined;
  return {
    units: ask('units'),
    merchants: ask('merchants'),
    facets: ask('facets'),
    changes,
    countChanges: ask('countChanges'),
    productOrderTimes: ask('productOrderTimes'),
    async status() {
      lastStatus = await ask<DirectoryStatus>('status')();
      return lastStatus;
    },
    followChanges: (after, options) => feed.follow(after, options),
    changed: (stored) => feed.add(stored),
    answersReads,
    get lastStatus() {
      return lastStatus;
    },
    setStatus(status) {
      lastStatus = status;
    },
    // The primary reads, keeps and stores.
    archive: { note() {}, ordersChanged() {}, find: async () => undefined },
    ready: async () => {},
    start() {},
    flush: async () => {},
    stop: async () => {},
  };
}
