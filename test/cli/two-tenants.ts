import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../src/sandbox/server.ts';
import type { Answer } from '../support/gateway.ts';
import { type Serving, startServing, untilObserved } from './serving.ts';

export type TenantId = 'one' | 'two';

/** A gateway with two tenants of one sandbox, whose directories observe changes. */
export interface TwoTenants extends AsyncDisposable {
  readonly serving: Serving;
  /** The headers of a tenant. */
  headers(id: TenantId): Record<string, string>;
  query<Data>(id: TenantId, query: string): Promise<Answer<Data>>;
  /** Writes the tenants file anew, with the keys of these tenants only. */
  keepKeys(...ids: TenantId[]): void;
}

/** Starts it, with a key `mg_key_of_one` and one `mg_key_of_two`. */
export async function startTwoTenants(
  sandbox: Sandbox,
  more: (id: TenantId) => object = () => ({}),
  env: Record<string, string> = {},
): Promise<TwoTenants> {
  const home = mkdtempSync(join(tmpdir(), 'tenants-'));
  const file = join(home, 'tenants.json');
  const { partner, otherPartner } = sandbox.callers;
  const tenant = (
    id: TenantId,
    { clientId, clientSecret, subscriptionKey }: typeof partner,
    keys: boolean,
  ) => ({
    id,
    upstream: { clientId, clientSecret, subscriptionKey },
    keys: (keys ? [id] : [`${id}_later`]).map((name) => ({
      sha256: createHash('sha256').update(`mg_key_of_${name}`).digest('hex'),
      scopes: ['read'],
    })),
    ...more(id),
  });
  const keepKeys = (...ids: TenantId[]) => {
    const tenants = [
      tenant('one', partner, ids.includes('one')),
      tenant('two', otherPartner, ids.includes('two')),
    ];
    writeFileSync(file, JSON.stringify({ tenants }), { mode: 0o600 });
  };
  keepKeys('one', 'two');
  const serving = await startServing({
    MANAGEMENT_API_URL: sandbox.url,
    TENANTS_FILE: file,
    AUTH: 'api-key',
    DIRECTORY: 'on',
    DIRECTORY_CALLS_PER_SECOND: '1000',
    DIRECTORY_LIST_SECONDS: '1',
    DATA_DIR: home,
    ...env,
  });
  const headers = (id: TenantId) => ({ authorization: `Bearer mg_key_of_${id}` });
  const query = async <Data>(id: TenantId, text: string) =>
    (await (await serving.ask(text, { headers: headers(id) })).json()) as Answer<Data>;
  for (const id of ['one', 'two'] as const) await untilObserved((text) => query(id, text));
  return {
    serving,
    headers,
    query,
    keepKeys,
    [Symbol.asyncDispose]: async () => {
      await serving[Symbol.asyncDispose]();
      rmSync(home, { recursive: true });
    },
  };
}
