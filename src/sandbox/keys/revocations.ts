import { SandboxError } from '../sandbox-error.ts';
import type { KeyName, Tenant, TenantName } from './callers.ts';

/** Knows which keys are revoked. */
export interface Revocations {
  has(tenant: TenantName, key: KeyName): boolean;
  of(tenant: TenantName): KeyName[];
  revoke(tenant: TenantName, key?: KeyName): void;
  restore(tenant?: TenantName, key?: KeyName): void;
}

export function createRevocations(tenants: readonly Tenant[]): Revocations {
  const revoked = new Map<TenantName, Set<KeyName>>(tenants.map(({ name }) => [name, new Set()]));
  const setOf = (tenant: TenantName) => revoked.get(tenant) ?? new Set<KeyName>();
  const keysOf = (tenant: TenantName): KeyName[] => {
    const found = tenants.find(({ name }) => name === tenant);
    return found && 'subscriptionKey' in found.keys
      ? ['client', 'subscriptionKey', 'subscriptionKeySecondary']
      : ['client'];
  };
  const chosen = (tenant: TenantName, key?: KeyName): KeyName[] => {
    const keys = keysOf(tenant);
    if (key === undefined) return keys;
    if (keys.includes(key)) return [key];
    throw new SandboxError(
      'INVALID',
      `The caller "${tenant}" has no "${key}". Its keys: ${keys.join(', ')}.`,
    );
  };

  return {
    has: (tenant, key) => setOf(tenant).has(key),
    of: (tenant) => keysOf(tenant).filter((key) => setOf(tenant).has(key)),
    revoke(tenant, key) {
      for (const name of chosen(tenant, key)) setOf(tenant).add(name);
    },
    restore(tenant, key) {
      for (const each of tenant === undefined ? revoked.keys() : [tenant]) {
        for (const name of chosen(each, key)) setOf(each).delete(name);
      }
    },
  };
}
