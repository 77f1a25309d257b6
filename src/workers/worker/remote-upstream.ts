import { noObserver, type Observer } from '../../telemetry/observer.ts';
import type { UpstreamClient } from '../../upstream/client.ts';
import type { KeyState } from '../../upstream/keys/key-proof.ts';
import { type TenantKey, tenantKeyOf } from '../../upstream/keys/tenant-key.ts';
import { createReadApi } from '../../upstream/management-api.ts';
import { isHttpsLink } from '../../upstream/models/link.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { Channel } from '../channel.ts';
import type { CallResult, ClientRef, WriteMethod } from '../protocol.ts';
import { createRemoteCalls, type RemoteCalls } from './remote-calls.ts';
import type { Replica } from './replica.ts';

export interface RemoteUpstreamOptions {
  readonly channel: Channel;
  readonly origin: string;
  readonly replica: Replica;
  readonly observer: Observer | undefined;
  /** Returns the key of the client that a configured tenant has in the primary. */
  readonly keyOf: (tenantId: string) => TenantKey;
}

/** Returns the Management API as this process has it: the primary makes the calls, and copies of its answers are kept here. */
export function createRemoteUpstream(options: RemoteUpstreamOptions): Upstream {
  const { channel, origin, replica, observer, keyOf } = options;
  const calls = createRemoteCalls(channel);
  // The primary counts what it is asked for.
  const cacheObserver: Observer = { ...noObserver, ...(observer && { readServed: observer.readServed }) };
  const client = (key: TenantKey, ref: ClientRef, onProved?: () => void): UpstreamClient =>
    createRemoteClient({ channel, calls, key, ref, onProved, replica, observer: cacheObserver });
  return {
    origin,
    client(credentials, { name, onProved, network = '' } = {}) {
      if (name !== undefined) {
        const key = keyOf(name);
        return client(key, { tenant: name, key });
      }
      const { clientId, clientSecret, subscriptionKey, merchantSerialNumber } = credentials;
      const own = {
        clientId,
        clientSecret: clientSecret.reveal(),
        subscriptionKey: subscriptionKey?.reveal(),
        merchantSerialNumber,
      };
      return client(tenantKeyOf(origin, '', credentials), { own, network }, onProved);
    },
    purge: replica.purgeExpired,
    close: async () => {},
  };
}

interface RemoteClientOptions {
  readonly channel: Channel;
  readonly calls: RemoteCalls;
  readonly key: TenantKey;
  readonly ref: ClientRef;
  readonly onProved: (() => void) | undefined;
  readonly replica: Replica;
  readonly observer: Observer;
}

function createRemoteClient(options: RemoteClientOptions): UpstreamClient {
  const { channel, calls, key, ref, onProved, replica, observer } = options;
  let keyState: KeyState = 'unproved';
  const withState = (result: CallResult): CallResult => {
    const before = keyState;
    keyState = result.keyState;
    if (keyState === 'proved' && before !== 'proved') onProved?.();
    if (result.error) throw result.error;
    return result;
  };
  const reads = replica.reads(
    key,
    async ({ asked }, tracker) => {
      if (!asked) throw new Error('a read that no other process can make');
      return withState(await calls.read(ref, asked.method, asked.args, tracker));
    },
    observer,
  );
  // Paths and models are those of the primary. Here a path is only the name of an answer.
  const readApi = createReadApi(reads, {
    merchantSerialNumber: () => undefined,
    observer: noObserver,
    isLink: isHttpsLink,
  });
  const api: UpstreamClient['api'] = (tracker) => {
    const write = async <T>(method: WriteMethod, ...args: unknown[]) =>
      withState(await calls.write(ref, method, args, tracker)).value as T;
    return {
      ...readApi(tracker),
      prefillProductOrder: (request, idempotencyKey) => write('prefillProductOrder', request, idempotencyKey),
      deleteProductOrder: (productOrderId) => write('deleteProductOrder', productOrderId),
      // JSON has no undefined.
      productOrderOfKey: async (idempotencyKey) =>
        (await write<string | null>('productOrderOfKey', idempotencyKey)) ?? undefined,
      productOrdersMadeAt: async (productOrderIds) =>
        (await write<readonly (number | null)[]>('productOrdersMadeAt', productOrderIds)).map(
          (at) => at ?? undefined,
        ),
    };
  };
  return {
    key,
    api,
    uncachedApi: api,
    dataVersion: reads.version,
    noteReuse: (route, count) => observer.readServed(route, 'cache', count),
    checkKeys: async () => {},
    callsOfLast: (minutes) => channel.request('callsOfLast', { client: ref, minutes }),
    get keyState() {
      return keyState;
    },
    settled: async () => {},
  };
}
