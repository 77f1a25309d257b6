import { createHmac, hkdfSync } from 'node:crypto';
import type { Credentials } from '../keys/credentials.ts';
import { lengthPrefixed } from '../keys/tenant-key.ts';

/** Identifies writes and orders of one tenant in a store that several tenants share. */
export interface WriteIdentity {
  /** Identifies the tenant. */
  tenant(): string;
  /** Identifies one idempotency key of the tenant. */
  keyOf(idempotencyKey: string): string;
  /** Identifies the input of a write without revealing any of it. */
  fingerprintOf(idempotencyKey: string, body: string): string;
  /** Identifies a product order of the tenant. */
  orderOf(productOrderId: string): string;
}

/**
 * Returns keyed hashes. The key is derived from the client secret and never stored, so that a reader of the store can
 * neither identify tenants nor guess a bank account. `origin` separates the orders of different upstreams.
 */
export function createWriteIdentity(origin: string, credentials: Credentials): WriteIdentity {
  const { clientId, clientSecret, tokenFlow, merchantSerialNumber = '' } = credentials;
  const salt = lengthPrefixed([origin, tokenFlow, clientId, merchantSerialNumber]);
  const hash = (...parts: string[]) => {
    // Derived on each use, since the secret may be replaced while the process runs.
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
