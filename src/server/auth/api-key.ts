import { hash, timingSafeEqual } from 'node:crypto';
import { Unauthenticated } from '../errors/request-errors.ts';
import type { AuthMethod, Caller } from './caller.ts';
import type { Tenants } from './tenants.ts';

/** The prefix of gateway keys, by which scanners for leaked secrets recognize them. */
export const KEY_PREFIX = 'mg_';
/** Longer keys are not hashed, since that would only take time. */
const LONGEST = 256;

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');

/** `Authorization: Bearer mg_…`: a key of the tenants file, looked up by its hash. */
export function byApiKey(tenants: Tenants): AuthMethod {
  // The tenants hold an object per key until they are replaced.
  const callers = new WeakMap<object, Caller>();
  return ({ header }) => {
    const [, key] = /^Bearer +(mg_\S*)$/i.exec(header('authorization') ?? '') ?? [];
    if (key === undefined) return undefined;
    if (key.length > LONGEST) throw new Unauthenticated('the key is too long');
    const hash = sha256(key);
    const found = tenants.byKeyHash(hash.toString('hex'));
    // The lookup is by hash, so its time reveals nothing about the key. The constant-time comparison is a second guard.
    if (!found || !timingSafeEqual(hash, Buffer.from(found.key.sha256, 'hex')))
      throw new Unauthenticated('unknown key');
    const known = callers.get(found);
    if (known) return known;
    const { tenant, key: entry } = found;
    const caller: Caller = {
      id: `key ${entry.name ?? entry.sha256.slice(0, 8)}`,
      tenantId: tenant.id,
      client: tenant.client,
      directory: tenant.directory,
      scopes: new Set(entry.scopes),
      audience: entry.audience,
      limits: tenant.limits,
      isStillValid: () => {
        const now = tenants.byKeyHash(entry.sha256);
        return now?.tenant.id === tenant.id && entry.scopes.every((scope) => now.key.scopes.includes(scope));
      },
      isCurrent: () => tenants.byId(tenant.id)?.client === tenant.client,
    };
    callers.set(found, caller);
    return caller;
  };
}
