import { expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { openSqliteIdempotencyStore } from '../../src/store/sqlite-idempotency.ts';
import { noObserver } from '../../src/telemetry/observer.ts';
import { CallTracker } from '../../src/upstream/call-tracker.ts';
import { Secret } from '../../src/upstream/keys/secret.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';

const LIST = 'GET /management/v1/sales-units';

it('reports calls, queue, cache, retries and drift to the observer', async () => {
  await using sandbox = await startSandbox({ units: 3, latencyMs: 0 });
  const events: unknown[] = [];
  const note =
    (name: string) =>
    (...details: unknown[]) =>
      void events.push([name, ...details.slice(0, 2)]);
  const upstream = createUpstream({
    origin: sandbox.url,
    store: await openSqliteIdempotencyStore({ file: ':memory:' }),
    systemHeaders: {},
    concurrency: 1,
    maxQueued: 1,
    timeoutMs: 5_000,
    cache: 1_000_000,
    observer: {
      ...noObserver,
      callEnded: note('ended'),
      callQueued: note('queued'),
      queueFull: note('full'),
      readServed: note('served'),
      callRetried: note('retried'),
      contractDrift: note('drift'),
    },
  });
  const { clientId, clientSecret, subscriptionKey } = sandbox.keys;
  const client = upstream.client({
    clientId,
    clientSecret: new Secret(clientSecret),
    subscriptionKey: new Secret(subscriptionKey),
    tokenFlow: 'accesstoken',
  });
  const api = client.api(new CallTracker('test'));
  sandbox.fault({ route: LIST, reset: 'beforeHeaders', times: 1 });
  sandbox.fault({
    route: LIST,
    status: 200,
    contentType: 'application/json',
    body: [{ msn: 1 }, { msn: '123456' }],
    times: 1,
  });
  await Promise.all([api.salesUnits(), api.salesUnits()]);
  await api.salesUnits();
  expect(events).toEqual([
    ['served', LIST, 'call'],
    ['served', LIST, 'flight'],
    ['ended', 'POST /accesstoken/get', 200],
    ['ended', LIST, undefined],
    ['retried', LIST],
    ['ended', LIST, 200],
    ['drift', LIST, expect.any(String)],
    ['drift', LIST, expect.any(String)],
    ['served', LIST, 'cache'],
  ]);
  events.length = 0;
  const results = await Promise.allSettled([
    api.pricePackages(),
    api.productOrders({ includeExpired: false }),
    api.productOrders({ includeExpired: true }),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(events).toContainEqual(['queued', 1]);
  expect(events).toContainEqual(['full']);
  await upstream.close();
});
