import { createHmac, hkdfSync } from 'node:crypto';
import type { Credentials } from '../keys/credentials.ts';
import { lengthPrefixed } from '../keys/tenant-key.ts';

/** Names writes and orders of one tenant in a store that several tenants share. */
export interface WriteIdentity {
  /** The same for all writes of the tenant, and for nobody else's. */
  tenant(): string;
  /** Stands for one idempotency key of the tenant. */
  keyOf(idempotencyKey: string): string;
  /** Stands for the input of a write: tells two inputs apart without holding any of their words. */
  fingerprintOf(idempotencyKey: string, body: string): string;
  /** Stands for a product order of the tenant. */
  orderOf(productOrderId: string): string;
}

/**
 * Keyed hashes: the key comes from the client secret and is stored nowhere, so that who reads the store can neither tell
 * tenants nor guess a bank account. `origin` is the upstream: its orders are no other upstream's.
 */
export function createWriteIdentity(origin: string, credentials: Credentials): WriteIdentity {
  const { clientId, clientSecret, tokenFlow, merchantSerialNumber = '' } = credentials;
  const salt = lengthPrefixed([origin, tokenFlow, clientId, merchantSerialNumber]);
  const hash = (...parts: string[]) => {
    // The secret may be replaced while the process runs, so the key is made for each use.
    const key = hkdfSync('sha256', clientSecret.reveal(), salt, 'outcomes of writes', 32);
    return createHmac('sha256', Buffer.from(key)).update(lengthPrefixed(parts)).digest('base64url');
  };
  return {
    tenant: () => hash('tenant'),
    keyOf: (idempotencyKey) => hash('key', idempotencyKey),
    fingerprintOf: (idempotencyKey, body) => hash('input', idempotencyKey, body),
    orderOf: (productOrderId) => hash('order', productOrderId.toLowerCase()),
  };
}
