import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../src/sandbox/server.ts';
import { KEY_PREFIX } from '../src/server/auth/api-key.ts';

export const tenantNames = ['partner', 'otherPartner', 'merchant', 'otherMerchant'] as const;

export type TenantName = (typeof tenantNames)[number];

/** A tenants file with every caller of the sandbox that has a subscription key. */
export interface Tenants extends Disposable {
  readonly file: string;
  readonly env: Record<string, string>;
  /** The headers with which a caller of the tenant authenticates. */
  headers(name: TenantName): { readonly authorization: string };
}

export function writeTenants({ callers }: Sandbox): Tenants {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-tenants-'));
  const file = join(folder, 'tenants.json');
  const keys = new Map(
    tenantNames.map((name) => [name, KEY_PREFIX + randomBytes(32).toString('base64url')] as const),
  );
  const tenants = tenantNames.map((id) => {
    const { clientId, clientSecret, subscriptionKey } = callers[id];
    const sha256 = createHash('sha256')
      .update(keys.get(id) ?? '')
      .digest('hex');
    return {
      id,
      upstream: { clientId, clientSecret, subscriptionKey },
      keys: [{ sha256, scopes: ['read', 'product-orders:write'] }],
    };
  });
  writeFileSync(file, JSON.stringify({ tenants }), { mode: 0o600 });
  return {
    file,
    env: {
      AUTH: 'api-key',
      TENANTS_FILE: file,
      VIPPS_CLIENT_ID: '',
      VIPPS_CLIENT_SECRET: '',
      VIPPS_SUBSCRIPTION_KEY: '',
      VIPPS_SUBSCRIPTION_KEY_SECONDARY: '',
    },
    headers: (name) => ({ authorization: `Bearer ${keys.get(name)}` }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
