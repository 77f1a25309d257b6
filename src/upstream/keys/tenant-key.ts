import { createHmac, randomBytes } from 'node:crypto';
import type { Credentials } from './credentials.ts';

declare const brand: unique symbol;

/**
 * Identifies one tenant at one upstream within this process. The brand keeps any other string from being used as the key
 * of a cache or of a flight by mistake.
 */
export type TenantKey = string & { readonly [brand]: 'TenantKey' };

// Random for each start, so that hashes in memory match nothing outside it.
let processKey: Buffer = randomBytes(32);

/** Makes this process identify tenants as the process does that has exported this key. Call it before anything else. */
export function importProcessKey(base64: string): void {
  processKey = Buffer.from(base64, 'base64');
}

export const exportProcessKey = (): string => processKey.toString('base64');

/**
 * Returns a keyed hash of everything that decides whose data the upstream returns. `name` separates two configured
 * tenants that have the same keys.
 */
export function tenantKeyOf(origin: string, name: string, credentials: Credentials): TenantKey {
  const {
    clientId,
    clientSecret,
    subscriptionKey,
    subscriptionKeySecondary,
    tokenFlow,
    merchantSerialNumber,
    merchantSerialNumberUse,
  } = credentials;
  const parts = [
    origin,
    name,
    tokenFlow,
    clientId,
    clientSecret.reveal(),
    subscriptionKey?.reveal(),
    subscriptionKeySecondary?.reveal(),
    merchantSerialNumber,
    merchantSerialNumberUse,
  ];
  const hash = createHmac('sha256', processKey).update(lengthPrefixed(parts));
  return hash.digest('base64url') as TenantKey;
}

/** Joins parts so that `a:b` and `c` differ from `a` and `b:c`, and an absent part differs from an empty one. */
export function lengthPrefixed(parts: readonly (string | undefined)[]): string {
  return parts.map((part) => (part === undefined ? '-' : `${Buffer.byteLength(part)}:${part}`)).join('');
}
