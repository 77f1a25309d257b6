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
  const isCurrent = (client: UpstreamClient) => tenants.all().some((tenant) => tenant.client === client);
  const update = () => {
    for (const [key, client] of clients)
      if (!isCurrent(client))
        setTimeout(() => {
          if (clients.get(key) === client && !isCurrent(client)) clients.delete(key);
        }, keepMs).unref();
    for (const { client } of tenants.all()) clients.set(client.key, client);
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
