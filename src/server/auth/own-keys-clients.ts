import { LRUCache } from 'lru-cache';
import type { UpstreamClient } from '../../upstream/client.ts';
import type { TenantKey } from '../../upstream/keys/tenant-key.ts';

/** The keys that a caller sends. */
export interface OwnKeys {
  readonly key: TenantKey;
  /** Identifies the keys, independent of the sales unit that they are sent with. */
  readonly owner: TenantKey;
  /** The network that the caller comes from. */
  readonly network: string;
}

/** The clients of callers with their own keys. */
export interface OwnKeysClients {
  /** `start` makes a tenant, which calls `onProved` once the upstream has accepted its keys. */
  tenantOf(keys: OwnKeys, start: (onProved: () => void) => UpstreamClient): UpstreamClient;
  /** Drops the clients that were not used for a while, with their keys. */
  purge(): void;
  all(): readonly UpstreamClient[];
}

const VERIFIED = { groups: 1_000, each: 32, ttlMs: 15 * 60_000 };
// An unverified client is needed only during its first requests, which keep a reference of their own.
const UNVERIFIED = { groups: 256, each: 4, ttlMs: 60_000 };

/**
 * Keeps the clients of callers with their own keys. Anyone can invent keys, so clients whose keys the upstream has not
 * accepted yet are kept apart, a few for each network, and only others of the same network replace them. Verified clients
 * are grouped by owner, so that an owner who names many sales units replaces none of the others. `onLeave` is called for
 * each client that is dropped. Its running requests continue.
 */
export function createOwnKeysClients(onLeave: (client: UpstreamClient) => void): OwnKeysClients {
  const verified = createGroups(VERIFIED, onLeave);
  const unverified = createGroups(UNVERIFIED, onLeave);

  return {
    tenantOf({ key, owner, network }, start) {
      const known = verified.get(owner, key) ?? unverified.get(network, key);
      if (known) return known;
      const tenant = start(() => {
        if (unverified.get(network, key) === tenant) unverified.delete(network, key);
        // Another client with the same keys may have been verified first.
        if (!verified.get(owner, key)) verified.set(owner, key, tenant);
      });
      unverified.set(network, key, tenant);
      return tenant;
    },
    purge() {
      verified.purge();
      unverified.purge();
    },
    all: () => [...verified.all(), ...unverified.all()],
  };
}

interface Bounds {
  readonly groups: number;
  readonly each: number;
  readonly ttlMs: number;
}

/** Drops the least recently used clients first, within a group and among the groups. */
function createGroups({ groups: max, each, ttlMs: ttl }: Bounds, onLeave: (tenant: UpstreamClient) => void) {
  const groups = new LRUCache<string, LRUCache<TenantKey, UpstreamClient>>({
    max,
    dispose: (group) => group.clear(),
  });
  const startGroup = (name: string) => {
    const group = new LRUCache<TenantKey, UpstreamClient>({
      max: each,
      ttl,
      updateAgeOnGet: true,
      dispose: onLeave,
    });
    groups.set(name, group);
    return group;
  };
  return {
    get: (name: string, key: TenantKey) => groups.get(name)?.get(key),
    set: (name: string, key: TenantKey, tenant: UpstreamClient) => {
      (groups.get(name) ?? startGroup(name)).set(key, tenant);
    },
    delete: (name: string, key: TenantKey) => {
      groups.get(name)?.delete(key);
    },
    purge() {
      for (const [name, group] of groups.entries()) {
        group.purgeStale();
        if (group.size === 0) groups.delete(name);
      }
    },
    all: () => [...groups.values()].flatMap((group) => [...group.values()]),
  };
}
