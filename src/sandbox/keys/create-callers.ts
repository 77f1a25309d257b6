import type { SeededRandom } from '../data/seeded-random.ts';
import { MAIN_PARTNER, OTHER_PARTNER } from '../data/units.ts';
import type { Caller } from '../world/caller.ts';
import type {
  CallerDirectory,
  KeyName,
  ManagementKeys,
  SandboxCallers,
  SandboxKeys,
  Tenant,
  TenantName,
} from './callers.ts';
import { createRevocations } from './revocations.ts';

/**
 * Creates the keys of all callers. `otherMerchant` returns the index of the merchant of that name, which depends on the number
 * of merchants.
 */
export function createCallers(random: SeededRandom, otherMerchant: () => number): CallerDirectory {
  const keys: SandboxCallers = {
    partner: createKeys(random, 0),
    management: createManagementKeys(random, 1),
    otherPartner: createKeys(random, 2),
    merchant: createKeys(random, 3),
    otherMerchant: createKeys(random, 4),
  };
  const mainPartner: Caller = { kind: 'partner', partner: MAIN_PARTNER };
  const callers: Record<TenantName, Caller> = {
    partner: mainPartner,
    management: mainPartner,
    otherPartner: { kind: 'partner', partner: OTHER_PARTNER },
    merchant: { kind: 'merchant', merchant: 0 },
    otherMerchant: {
      kind: 'merchant',
      get merchant() {
        return otherMerchant();
      },
    },
  };
  const tenants = (Object.keys(callers) as TenantName[]).map((name): Tenant => {
    const flow = name === 'management' ? 'miami' : 'accesstoken';
    return { name, flow, keys: keys[name], caller: callers[name] };
  });
  const clients = new Map(tenants.map((tenant) => [tenant.keys.clientId, tenant]));
  const subscriptions = new Map(
    tenants.flatMap((tenant) =>
      subscriptionKeysOf(tenant).map(([name, key]) => [key, { tenant, name }] as const),
    ),
  );
  const revocations = createRevocations(tenants);

  return {
    keys,
    tenants,
    byClient(flow, clientId, clientSecret) {
      const tenant = clients.get(clientId);
      const isGood = tenant?.flow === flow && tenant.keys.clientSecret === clientSecret;
      return isGood && !revocations.has(tenant.name, 'client') ? tenant : undefined;
    },
    bySubscriptionKey(key) {
      const found = subscriptions.get(key);
      return found && !revocations.has(found.tenant.name, found.name) ? found.tenant : undefined;
    },
    byAnyKey: (clientId, subscriptionKey) =>
      clients.get(clientId ?? '') ?? subscriptions.get(subscriptionKey ?? '')?.tenant,
    revoke: revocations.revoke,
    restore: revocations.restore,
    revokedOf: revocations.of,
  };
}

function subscriptionKeysOf({ keys }: Tenant): (readonly [KeyName, string])[] {
  if (!('subscriptionKey' in keys)) return [];
  return [
    ['subscriptionKey', keys.subscriptionKey],
    ['subscriptionKeySecondary', keys.subscriptionKeySecondary],
  ];
}

function createKeys(random: SeededRandom, index: number): SandboxKeys {
  return {
    ...createManagementKeys(random, index),
    subscriptionKey: random.hex(32, 'primary subscription key', index),
    subscriptionKeySecondary: random.hex(32, 'secondary subscription key', index),
  };
}

function createManagementKeys(random: SeededRandom, index: number): ManagementKeys {
  return {
    clientId: random.uuid('client id', index),
    clientSecret: Buffer.from(random.hex(32, 'client secret', index), 'hex').toString('base64'),
  };
}
