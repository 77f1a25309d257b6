import type { TenantEntry, TenantKeyEntry } from '../../config/tenants/tenant-entry.ts';
import type { Directory } from '../../directory/directory.ts';
import type { UpstreamClient } from '../../upstream/client.ts';
import type { Credentials } from '../../upstream/keys/credentials.ts';
import { type TenantKey, tenantKeyOf } from '../../upstream/keys/tenant-key.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { Directories } from '../directories.ts';
import { createOwnKeysClients } from './own-keys-clients.ts';

/** A tenant of the configuration with its client. */
export interface ConfiguredTenant {
  readonly id: string;
  readonly client: UpstreamClient;
  /** Undefined when directories are switched off. */
  readonly directory: Directory | undefined;
  readonly limits: TenantEntry['limits'];
}

/** All tenants, and how the tenant of a caller is found. */
export interface Tenants {
  byId(id: string): ConfiguredTenant | undefined;
  /** Returns the owner of a gateway key, by the SHA-256 of the key in lower-case hexadecimal. */
  byKeyHash(sha256: string): { tenant: ConfiguredTenant; key: TenantKeyEntry } | undefined;
  /**
   * Returns the owner of the keys that a caller sends, and a function that finds or creates their client. Call it when
   * nothing can refuse the request any more. `network` is where the caller comes from.
   */
  withOwnKeys(credentials: Credentials, network: string): { owner: TenantKey; start(): UpstreamClient };
  /** Drops what has expired, so that no secret stays in memory longer than promised. */
  purge(): void;
  /** Replaces the configured tenants. Unchanged tenants keep their clients and caches. */
  update(entries: readonly TenantEntry[]): void;
  all(): readonly ConfiguredTenant[];
  /** Resolves when no write is running, including those of removed tenants. */
  settled(): Promise<void>;
}

/** Creates the tenants of the configuration. */
export function createTenants(
  upstream: Upstream,
  entries: readonly TenantEntry[],
  directories?: Directories,
): Tenants {
  let byId = new Map<string, ConfiguredTenant & { readonly upstreamText: string }>();
  let byKeyHash = new Map<string, { tenant: ConfiguredTenant; key: TenantKeyEntry }>();
  const leaving = new Set<Promise<void>>();
  const leave = (client: UpstreamClient) => {
    const gone = client.settled().finally(() => leaving.delete(gone));
    leaving.add(gone);
  };
  const ownKeysClients = createOwnKeysClients(leave);

  const start = (entry: TenantEntry) => {
    const { id, credentials, limits, upstreamText } = entry;
    const directory = directories?.of(entry);
    const archive = directory?.archive;
    const client = upstream.client(credentials, { name: id, concurrency: limits.concurrency, archive });
    directory?.start(client);
    return { id, limits, upstreamText, client, directory };
  };
  const update = (next: readonly TenantEntry[]) => {
    const before = byId;
    byId = new Map();
    byKeyHash = new Map();
    for (const entry of next) {
      const known = before.get(entry.id);
      const isSame = known?.upstreamText === entry.upstreamText;
      const tenant = known && isSame ? { ...known, limits: entry.limits } : start(entry);
      byId.set(entry.id, tenant);
      for (const key of entry.keys) byKeyHash.set(key.sha256, { tenant, key });
    }
    for (const [id, { client }] of before) if (byId.get(id)?.client !== client) leave(client);
    directories?.keepOnly(next);
  };

  update(entries);
  return {
    byId: (id) => byId.get(id),
    byKeyHash: (sha256) => byKeyHash.get(sha256),
    withOwnKeys(credentials, network) {
      // Leaves out the sales unit: otherwise each one that the caller names would bring it new points.
      const owner = tenantKeyOf(upstream.origin, 'visitor', {
        ...credentials,
        merchantSerialNumber: undefined,
      });
      const start = () => {
        const key = tenantKeyOf(upstream.origin, '', credentials);
        return ownKeysClients.tenantOf({ key, owner, network }, (onProved) =>
          upstream.client(credentials, { onProved, network }),
        );
      };
      return { owner, start };
    },
    update,
    purge() {
      ownKeysClients.purge();
      upstream.purge();
    },
    all: () => [...byId.values()],
    async settled() {
      const running = [...[...byId.values()].map(({ client }) => client), ...ownKeysClients.all()];
      await Promise.all([...running.map((client) => client.settled()), ...leaving]);
    },
  };
}
