import { hash, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Unauthenticated } from '../errors/request-errors.ts';
import type { AuthMethod, Caller } from './caller.ts';
import type { Tenants } from './tenants.ts';

/** The prefix of gateway keys, by which scanners for leaked secrets recognize them. */
export const KEY_PREFIX = 'mg_';
/** Longer keys are not hashed, since that would only take time. */
const LONGEST = 256;
/** So many headers are known without their hash. */
const MOST_KNOWN = 1_000;
const KNOWN_MS = 60_000;

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');

/** `Authorization: Bearer mg_…`: a key of the tenants file, looked up by its hash. */
export function byApiKey(tenants: Tenants): AuthMethod {
  // The tenants hold an object per key until they are replaced.
  const callers = new WeakMap<object, Caller>();
  // Hashing takes longer than the rest. A table finds a text by a hash with a secret seed, so its time reveals nothing either.
  const known = new LRUCache<
    string,
    { readonly owner: object; readonly sha256: string; readonly caller: Caller }
  >({
    max: MOST_KNOWN,
    ttl: KNOWN_MS,
    // No key stays in memory for longer.
    ttlAutopurge: true,
  });
  return ({ header }) => {
    const authorization = header('authorization') ?? '';
    const before = known.get(authorization);
    if (before && tenants.byKeyHash(before.sha256) === before.owner) return before.caller;
    const [, key] = /^Bearer +(mg_\S*)$/i.exec(authorization) ?? [];
    if (key === undefined) return undefined;
    if (key.length > LONGEST) throw new Unauthenticated('the key is too long');
    const hash = sha256(key);
    const found = tenants.byKeyHash(hash.toString('hex'));
    // The lookup is by hash, so its time reveals nothing about the key. The constant-time comparison is a second guard.
    if (!found || !timingSafeEqual(hash, Buffer.from(found.key.sha256, 'hex')))
      throw new Unauthenticated('unknown key');
    const caller = callers.get(found) ?? callerOf(found, tenants);
    callers.set(found, caller);
    known.set(authorization, { owner: found, sha256: found.key.sha256, caller });
    return caller;
  };
}

function callerOf(
  { tenant, key: entry }: NonNullable<ReturnType<Tenants['byKeyHash']>>,
  tenants: Tenants,
): Caller {
  return {
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
}
