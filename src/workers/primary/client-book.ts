import type { Tenants } from '../../server/auth/tenants.ts';
import type { UpstreamClient } from '../../upstream/client.ts';
import { Secret } from '../../upstream/keys/secret.ts';
import type { TenantKey } from '../../upstream/keys/tenant-key.ts';
import type { ClientRef } from '../protocol.ts';

/** Finds the client that an operation of a worker names. */
export interface ClientBook {
  /** Undefined for a tenant that has left for longer than an operation runs. */
  find(ref: ClientRef): UpstreamClient | undefined;
  /** Takes note that the tenants are others. */
  update(): void;
}

/** `keepMs`: for how long operations of a tenant that has left go on, as they do in one process. */
export function createClientBook(tenants: Tenants, keepMs: number): ClientBook {
  const clients = new Map<TenantKey, UpstreamClient>();
  const current = () => new Set(tenants.all().map(({ client }) => client));
  const update = () => {
    const kept = current();
    const leaving = [...clients].filter(([, client]) => !kept.has(client));
    const forget = () => {
      const back = current();
      for (const [key, client] of leaving)
        if (clients.get(key) === client && !back.has(client)) clients.delete(key);
    };
    if (leaving.length > 0) setTimeout(forget, keepMs).unref();
    for (const client of kept) clients.set(client.key, client);
  };
  update();
  return {
    find(ref) {
      if ('key' in ref) return clients.get(ref.key);
      const { clientId, clientSecret, subscriptionKey, merchantSerialNumber } = ref.own;
      const credentials = {
        clientId,
        clientSecret: new Secret(clientSecret),
        subscriptionKey: subscriptionKey === undefined ? undefined : new Secret(subscriptionKey),
        tokenFlow: subscriptionKey === undefined ? 'miami' : 'accesstoken',
        merchantSerialNumber,
      } as const;
      return tenants.withOwnKeys(credentials, ref.network).start();
    },
    update,
  };
}
