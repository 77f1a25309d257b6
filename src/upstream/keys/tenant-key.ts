import { createHmac, randomBytes } from 'node:crypto';
import type { Credentials } from './credentials.ts';

declare const brand: unique symbol;

/**
 * Names one tenant at one upstream within this process. Cache, flights, tokens and writes cannot be made without it, and
 * no text can be taken for one by mistake.
 */
export type TenantKey = string & { readonly [brand]: 'TenantKey' };

// A key of its own for each process: what stands in memory can be compared with nothing outside.
const processKey = randomBytes(32);

/**
 * A keyed hash over everything that decides whose data the upstream shows. `name` parts two tenants of the
 * configuration that have the same keys.
 */
export function tenantKeyOf(origin: string, name: string, credentials: Credentials): TenantKey {
  const {
    clientId,
    clientSecret,
    subscriptionKey,
    subscriptionKeySecondary,
    tokenFlow,
    merchantSerialNumber,
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
  ];
  const hash = createHmac('sha256', processKey).update(lengthPrefixed(parts));
  return hash.digest('base64url') as TenantKey;
}

/** One text of several, such that `a:b` and `c` are not `a` and `b:c`, and an absent part is not an empty one. */
export function lengthPrefixed(parts: readonly (string | undefined)[]): string {
  return parts.map((part) => (part === undefined ? '-' : `${Buffer.byteLength(part)}:${part}`)).join('');
}
