import { createHash, timingSafeEqual } from 'node:crypto';
import { Unauthenticated } from '../errors/request-errors.ts';
import type { AuthMethod } from './caller.ts';
import type { Tenants } from './tenants.ts';

/** How a gateway key begins, so that scanners for leaked secrets can tell it. */
export const KEY_PREFIX = 'mg_';
/** Longer ones are not hashed: a megabyte in a header would only cost time. */
const LONGEST = 256;

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** `Authorization: Bearer mg_…`: a key of the tenants file, looked up by its hash. */
export function byApiKey(tenants: Tenants): AuthMethod {
  return ({ header }) => {
    const [, key] = /^Bearer (mg_\S*)$/i.exec(header('authorization') ?? '') ?? [];
    if (key === undefined) return undefined;
    if (key.length > LONGEST) throw new Unauthenticated('the key is too long to be one');
    const hash = sha256(key);
    const found = tenants.byKeyHash(hash.toString('hex'));
    // The hash is what is looked up, so the time of the search tells nothing of the key; this is the second lock.
    if (!found || !timingSafeEqual(hash, Buffer.from(found.key.sha256, 'hex')))
      throw new Unauthenticated('no such key');
    const { tenant, key: entry } = found;
    return {
      id: `key ${entry.name ?? entry.sha256.slice(0, 8)}`,
      tenantId: tenant.id,
      client: tenant.client,
      scopes: new Set(entry.scopes),
      audience: entry.audience,
      limits: tenant.limits,
      isStillValid: () => tenants.byKeyHash(entry.sha256)?.tenant.id === tenant.id,
    };
  };
}
