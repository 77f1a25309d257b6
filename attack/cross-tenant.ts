import type { AttackRequest } from './client.ts';
import type { Target } from './fixture.ts';
import { type TenantId, tenantIds } from './keys.ts';
import { queriesFor } from './queries.ts';
import { createSeededRandom } from './seeded-random.ts';
import { findForeign, foreignTo, readVisibleData } from './visible-data.ts';

export interface CrossTenantResult {
  readonly answers: number;
  readonly aborted: number;
  /** The first few leaks: the tenant, the text and the request. */
  readonly leaks: readonly string[];
  readonly leakCount: number;
  /** Statuses other than 200. */
  readonly odd: Readonly<Record<string, number>>;
  /** Answers with data; a run without any would prove nothing. */
  readonly withData: number;
  /** Texts that would count as a leak, for the tenant with the fewest. */
  readonly canaries: number;
  readonly mixedKeys: number;
  readonly unauthorized: number;
}

const ABORTED_OF_HUNDRED = 7;
const GROUPS_AT_ONCE = 8;
const LONGEST_PATIENCE_MS = 6;
const TOLD = 5;

/**
 * All tenants repeatedly send the same bytes in the same tick, in a changing order. The first one fills the cache and
 * starts the shared flight, and may abort. Every answer is searched for texts that only other tenants can see.
 */
export async function runCrossTenant(
  target: Target,
  atLeast: number,
  seed: number,
): Promise<CrossTenantResult> {
  const { fixture, client } = target;
  const visible = await readVisibleData(fixture.sandbox);
  const foreign = foreignTo(visible);
  const queries = queriesFor(visible, target.endpoint);
  const random = createSeededRandom(seed);
  const leaks: string[] = [];
  const odd: Record<string, number> = {};
  let answers = 0;
  let aborted = 0;
  let leakCount = 0;
  let withData = 0;
  let etag = '"none"';
  fixture.upstream.reset();

  const ask = async (tenant: TenantId, body: string) => {
    const leaves = random.below(100) < ABORTED_OF_HUNDRED;
    const request: AttackRequest = {
      headers: {
        'content-type': 'application/json',
        'if-none-match': etag,
        ...credentialHeaders(target, tenant, random.below(2) === 0),
      },
      body,
      ...(leaves && { signal: AbortSignal.timeout(random.below(LONGEST_PATIENCE_MS)) }),
    };
    try {
      const { status, text, headers } = await client.send(request);
      answers++;
      if (status !== 200) odd[status] = (odd[status] ?? 0) + 1;
      if (text.includes('"msn":"') || text.includes('"id":"')) withData++;
      if (typeof headers['etag'] === 'string') etag = headers['etag'];
      const found = findForeign(text, foreign[tenant]);
      if (found === undefined) return;
      leakCount++;
      if (leaks.length < TOLD)
        leaks.push(`${tenant} received ${JSON.stringify(found)} for ${body.slice(0, 120)}`);
    } catch (error) {
      if (!leaves) throw error;
      aborted++;
    }
  };
  const group = async () => {
    while (answers < atLeast) {
      const body = JSON.stringify(random.pick(queries));
      const first = random.below(tenantIds.length);
      const order = [...tenantIds.slice(first), ...tenantIds.slice(0, first)];
      await Promise.all(order.map((tenant) => ask(tenant, body)));
    }
  };
  await Promise.all(Array.from({ length: GROUPS_AT_ONCE }, group));
  return {
    answers,
    aborted,
    leaks,
    leakCount,
    odd,
    withData,
    canaries: Math.min(...tenantIds.map((id) => foreign[id].size)),
    mixedKeys: fixture.upstream.mixed,
    unauthorized: fixture.upstream.unauthorized,
  };
}

/** Returns the tenant's gateway key or its own upstream keys: both lead to the same data. */
function credentialHeaders({ fixture }: Target, tenant: TenantId, ownKeys: boolean): Record<string, string> {
  if (!ownKeys) return { authorization: `Bearer ${fixture.keyring[tenant].key}` };
  const { clientId, clientSecret, subscriptionKey } = fixture.sandbox.callers[tenant];
  return {
    'vipps-client-id': clientId,
    'vipps-client-secret': clientSecret,
    'ocp-apim-subscription-key': subscriptionKey,
  };
}
