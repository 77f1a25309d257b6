import { noAddresses, parseAddressRanges } from '../../config/network/address-ranges.ts';
import type { TenantEntry } from '../../config/tenants/tenant-entry.ts';
import { createTenants } from '../../server/auth/tenants.ts';
import { createPublicServer } from '../../server/public-server.ts';
import { OpenSubscriptions } from '../../server/subscriptions/open-subscriptions.ts';
import { createLog, SHARED_FIELD_BYTES } from '../../telemetry/log.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { Secret } from '../../upstream/keys/secret.ts';
import { importProcessKey } from '../../upstream/keys/tenant-key.ts';
import type { Channel } from '../channel.ts';
import type { Hello, WireTenant } from '../protocol.ts';
import { measurePrimaryLag } from './primary-lag.ts';
import { createRemoteDirectories } from './remote-directories.ts';
import { createRemoteUpstream } from './remote-upstream.ts';
import { createReplica } from './replica.ts';
import { createSharedFailureLimit } from './shared-failure-limit.ts';
import { createSharedRateLimits } from './shared-rate-limits.ts';

const PURGE_EVERY_MS = 60_000;
/** The secrets of a tenant are in the primary only. */
const NO_CREDENTIALS = { clientId: '', clientSecret: new Secret(''), tokenFlow: 'miami' } as const;

/** Accepts requests as the primary tells, until it tells to stop. */
export function runWorker(channel: Channel, onStopped: () => void): void {
  channel.handle('start', async (hello) => {
    const worker = await startWorker(channel, hello);
    channel.handle('stop', async () => {
      await worker.stop();
      // After the answer to this request has been sent.
      setTimeout(onStopped, 10);
      return undefined;
    });
    return { port: worker.port };
  });
}

async function startWorker(channel: Channel, hello: Hello) {
  const { config, origin } = hello;
  importProcessKey(hello.processKey);
  const log = createLog(config.log.level, undefined, SHARED_FIELD_BYTES).child({ worker: hello.worker });
  const metrics = config.metrics.enabled ? createMetrics(config.concurrency) : undefined;
  const replica = createReplica(config.cache.maxBytes);
  let keys = keysOf(hello.tenants);
  const upstream = createRemoteUpstream({
    channel,
    origin,
    replica,
    observer: metrics?.observer('configured'),
    keyOf(id) {
      const key = keys.get(id);
      if (!key) throw new Error('the primary knows no such tenant');
      return key;
    },
  });
  const directories = config.directory && createRemoteDirectories(channel, config.directory.answersReads);
  const tenants = createTenants(upstream, hello.tenants.map(toEntry), directories);
  setInterval(tenants.purge, PURGE_EVERY_MS).unref();
  let subgraphSecret = hello.subgraphSecret;

  channel.on('subgraphSecret', (secret) => {
    subgraphSecret = secret;
  });
  channel.handle('drop', (dropped) => {
    replica.drop(dropped);
    return undefined;
  });
  channel.handle('tenants', (next) => {
    keys = keysOf(next);
    tenants.update(next.map(toEntry));
    return undefined;
  });
  channel.handle('metrics', async () => ({ value: await metrics?.values() }));

  const trustedProxies = parseAddressRanges(config.http.trustedProxies) ?? noAddresses;
  const server = await createPublicServer(
    {
      ...config,
      http: { ...config.http, trustedProxies },
      subgraph: config.hasSubgraph
        ? { secret: subgraphSecret === undefined ? undefined : new Secret(() => subgraphSecret ?? '') }
        : undefined,
    },
    {
      upstream: {
        url: origin,
        isSandbox: hello.isSandbox,
        exampleMsn: () => hello.exampleMsn,
      },
      tenants,
      log,
      lagMs: measurePrimaryLag(channel),
      metrics,
      rateLimits: createSharedRateLimits(channel, config.limits.rateLimitPerMinute),
      failureLimit: createSharedFailureLimit(channel, config.limits.authFailuresPerMinute),
      subscriptions: new OpenSubscriptions(config.limits.maxSubscriptions, {
        take: (owners) => channel.request('openSubscription', owners),
        leave: (owners) => channel.notify('subscriptionEnded', owners),
      }),
    },
  );
  metrics?.watch({
    // What only the primary knows.
    configurationStaleSeconds: () => 0,
    directoryRecords: () => 0,
    directoryMissingRecords: () => 0,
    notificationsFailingSeconds: () => 0,
    workers: () => 1,
    ...server.readings,
  });
  return { port: await server.listen(), stop: server.stop };
}

const toEntry = ({ id, key, keys, limits }: WireTenant): TenantEntry => ({
  id,
  keys,
  limits,
  credentials: NO_CREDENTIALS,
  targets: [],
  upstreamText: key,
});

const keysOf = (tenants: readonly WireTenant[]) => new Map(tenants.map(({ id, key }) => [id, key]));
