import { createHash, randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import type { Audience, Scope } from '../src/config/scopes.ts';
import type { Sandbox } from '../src/sandbox/server.ts';

/** The tenants of the gateway under attack: each has keys of another caller of the sandbox. */
export const tenantIds = ['partner', 'otherPartner', 'merchant', 'otherMerchant'] as const;
export type TenantId = (typeof tenantIds)[number];

interface KeyEntry {
  readonly key: string;
  readonly tenant: TenantId | 'frugal';
  readonly scopes: readonly Scope[];
  readonly audience: Audience;
}

/** Every gateway key of the suite, by what it is for. */
export type Keyring = Readonly<
  Record<
    | TenantId
    | 'browser'
    | 'introspecting'
    | 'reading'
    | 'leaving'
    | 'following'
    | 'frugal'
    | 'page'
    | 'router',
    KeyEntry
  >
>;

const all: readonly Scope[] = ['read', 'product-orders:write'];
/** `forRouters`: every key that the rows send has the audience `router`. */
export function createKeyring(forRouters = false): Keyring {
  const entry = (
    tenant: KeyEntry['tenant'],
    scopes: readonly Scope[] = all,
    audience: Audience = forRouters ? 'router' : 'backend',
  ): KeyEntry => ({ key: `mg_${randomBytes(32).toString('base64url')}`, tenant, scopes, audience });
  return {
    partner: entry('partner'),
    otherPartner: entry('otherPartner'),
    merchant: entry('merchant'),
    otherMerchant: entry('otherMerchant'),
    browser: entry('partner', all, forRouters ? 'router' : 'browser'),
    introspecting: entry('partner', [...all, 'introspect']),
    reading: entry('partner', ['read']),
    leaving: entry('partner'),
    following: entry('partner'),
    frugal: entry('frugal'),
    // For the rows about who may ask at `/subgraph`.
    page: entry('partner', all, 'browser'),
    router: entry('partner', all, 'router'),
  };
}

/** The rate limit of the tenant `frugal`, in points per minute; the others are not limited. */
export const FRUGAL_POINTS = 20;
const PLENTY = 1_000_000_000;

/** Writes the tenants file, without the keys that are revoked. */
export function writeTenantsFile(
  path: string,
  { callers }: Sandbox,
  keyring: Keyring,
  revoked: readonly (keyof Keyring)[] = [],
): void {
  const entries = Object.entries(keyring).filter(([name]) => !revoked.includes(name as keyof Keyring));
  const tenant = (id: KeyEntry['tenant'], pointsPerMinute: number) => ({
    id,
    upstream: callers[id === 'frugal' ? 'partner' : id],
    keys: entries
      .filter(([, { tenant: own }]) => own === id)
      .map(([name, { key, scopes, audience }]) => ({ sha256: sha256(key), name, scopes, audience })),
    limits: { pointsPerMinute },
  });
  const tenants = [...tenantIds.map((id) => tenant(id, PLENTY)), tenant('frugal', FRUGAL_POINTS)];
  // A reader must never see half a file.
  writeFileSync(`${path}.new`, JSON.stringify({ tenants }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
