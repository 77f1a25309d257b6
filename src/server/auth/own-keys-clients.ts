import { LRUCache } from 'lru-cache';
import type { UpstreamClient } from '../../upstream/client.ts';
import type { TenantKey } from '../../upstream/keys/tenant-key.ts';

/** One set of keys that a caller brings along. */
export interface OwnKeys {
  readonly key: TenantKey;
  /** The same for these keys whatever sales unit they name. */
  readonly owner: TenantKey;
  /** The network that the caller comes from. */
  readonly network: string;
}

/** The tenants of callers with keys of their own. */
export interface OwnKeysClients {
  /** `start` makes a tenant, which calls `onProved` once the upstream has accepted its keys. */
  tenantOf(keys: OwnKeys, start: (onProved: () => void) => UpstreamClient): UpstreamClient;
  /** Drops those that have not come back for a while, and their keys with them. */
  purge(): void;
  all(): readonly UpstreamClient[];
}

const PROVED = { groups: 1_000, each: 32, ttlMs: 15 * 60_000 };
// An unproved tenant is needed for as long as its first requests take; they hold it themselves.
const UNPROVED = { groups: 256, each: 4, ttlMs: 60_000 };

/**
 * Made-up keys cost nobody anything: until the upstream has accepted them, a tenant is kept in a small place of its own,
 * a few for each network, and only others of the same network make room for it. Proved ones are grouped by owner, so
 * that one who names many sales units makes none of the others leave. `onLeave` is told of each tenant that is dropped;
 * what it has under way goes on.
 */
export function createOwnKeysClients(onLeave: (client: UpstreamClient) => void): OwnKeysClients {
  const proved = createGroups(PROVED, onLeave);
  const unproved = createGroups(UNPROVED, onLeave);

  return {
    tenantOf({ key, owner, network }, start) {
      const known = proved.get(owner, key) ?? unproved.get(network, key);
      if (known) return known;
      const tenant = start(() => {
        if (unproved.get(network, key) === tenant) unproved.delete(network, key);
        // Another one of the same keys may have been proved first.
        if (!proved.get(owner, key)) proved.set(owner, key, tenant);
      });
      unproved.set(network, key, tenant);
      return tenant;
    },
    purge() {
      proved.purge();
      unproved.purge();
    },
    all: () => [...proved.all(), ...unproved.all()],
  };
}

interface Bounds {
  readonly groups: number;
  readonly each: number;
  readonly ttlMs: number;
}

/** Least recently used first, within a group and among the groups. */
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
