import { z } from 'zod';
import { type Scope, scopes } from '../scopes.ts';
import type { TenantEntry } from './tenant-entry.ts';
import { SHA_256, TENANT_ID } from './tenants-file-shape.ts';

/** What can be read of a file that has mistakes. */
export type Readable = z.infer<typeof ReadableFile>;

const unreadable = undefined;
const ReadableKey = z.object({
  sha256: z.string().regex(SHA_256).or(z.undefined()).catch(unreadable),
  scopes: z.array(z.enum(scopes)).min(1).or(z.undefined()).catch(unreadable),
});
const ReadableTenant = z.object({
  id: z.string().regex(TENANT_ID).or(z.undefined()).catch(unreadable),
  // An entry that is not even an object is a key that nobody has.
  keys: z
    .array(ReadableKey.catch({ sha256: unreadable, scopes: unreadable }))
    .or(z.undefined())
    .catch(unreadable),
});
const ReadableFile = z.object({
  tenants: z.array(ReadableTenant.catch({ id: unreadable, keys: unreadable })),
});

/** Returns what can be read of a file; undefined if it has no list of tenants. */
export const readReadable = (json: unknown): Readable | undefined => ReadableFile.safeParse(json).data;

/**
 * Returns the tenants in use without what a file with mistakes takes away: tenants, keys and scopes that it no longer has.
 * Nothing is added. A tenant stays whole if the file may still have it under an id that cannot be read, or if its list of
 * keys cannot be read. Returns the same list if nothing is taken away.
 */
export function withoutRevoked(
  inUse: readonly TenantEntry[],
  { tenants }: Readable,
): { readonly entries: readonly TenantEntry[]; readonly revoked: number } {
  const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  let revoked = 0;
  const entries = inUse.flatMap((entry) => {
    const found = byId.get(entry.id);
    if (!found) {
      if (byId.has(undefined)) return [entry];
      revoked += Math.max(1, entry.keys.length);
      return [];
    }
    if (!found.keys) return [entry];
    const left = new Map(found.keys.map((key) => [key.sha256, key.scopes]));
    const keys = entry.keys.flatMap((key) => {
      if (!left.has(key.sha256)) {
        revoked++;
        return [];
      }
      const own = narrowed(key.scopes, left.get(key.sha256));
      if (own.length < key.scopes.length) revoked++;
      return own.length === 0 ? [] : [{ ...key, scopes: own }];
    });
    return [{ ...entry, keys }];
  });
  return { entries: revoked > 0 ? entries : inUse, revoked };
}

const narrowed = (own: readonly Scope[], left: readonly Scope[] | undefined): readonly Scope[] =>
  left ? own.filter((scope) => left.includes(scope)) : own;
