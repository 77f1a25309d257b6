import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/config/scopes.ts';
import type { TenantEntry } from '../../../src/config/tenants/tenant-entry.ts';
import { byApiKey } from '../../../src/server/auth/api-key.ts';
import { authenticateBy } from '../../../src/server/auth/authenticate.ts';
import { createTenants } from '../../../src/server/auth/tenants.ts';
import { openSqliteIdempotencyStore } from '../../../src/store/sqlite-idempotency.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { Secret } from '../../../src/upstream/keys/secret.ts';
import { createUpstream } from '../../../src/upstream/upstream.ts';
import {
  type Answer,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from '../../support/gateway.ts';
import { listenToHotPath } from '../../support/listen.ts';

const UNIT = 'query Unit($msn: String!) { salesUnit(msn: $msn) { name merchant { name } } }';
const PAGE =
  '{ salesUnits(first: 20) { nodes { msn name configuration { captureType } merchant { name } } } }';
const ORDERS = '{ productOrders { totalCount nodes { productOrderId status } } }';

interface Asked<Data> extends Answer<Data> {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Ask = <Data = Record<string, never>>(
  query: string,
  variables?: object,
  headers?: Record<string, string>,
) => Promise<Asked<Data>>;

const askAt =
  (url: string): Ask =>
  async (query, variables, headers) => {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const text = answer.headers['content-encoding'] === undefined ? bytes.toString() : '{}';
    return { ...JSON.parse(text), status: answer.statusCode, text, headers: answer.headers };
  };

async function start(options: TestGatewayOptions = {}) {
  const gateway = await startTestGateway({ ...options, env: { CACHE: 'on', ...options.env } });
  const server = await listenToHotPath(gateway);
  return {
    gateway,
    ask: askAt(server.url),
    calls: () => Object.values(gateway.calls()).reduce((sum, count) => sum + count, 0),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

interface Page {
  readonly salesUnits: {
    readonly nodes: readonly {
      readonly msn: string;
      readonly configuration: { readonly captureType: string };
    }[];
  };
}

const lineOf = ({ logs }: TestGateway) => logs.filter(({ msg }) => msg === 'request').at(-1) ?? {};

describe('an answer that is used again', () => {
  it('is the same, costs no call, and is logged and charged like the first', async () => {
    await using running = await start();
    const { gateway, ask, calls } = running;
    const [msn] = gateway.sandbox.data.msns;
    const first = await ask(UNIT, { msn });
    expect(calls()).toBe(2);
    const second = await ask(UNIT, { msn });
    const third = await ask(UNIT, { msn });
    expect([second.text, third.text]).toEqual([first.text, first.text]);
    expect(calls()).toBe(2);
    expect(third.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
    expect(third.headers['cache-control']).toBe('no-store');
    expect(lineOf(gateway)).toMatchObject({
      status: 200,
      tenant: 'default',
      operationName: 'Unit',
      errors: 0,
      cost: { calls: 2, points: 1 },
      upstreamCalls: 0,
      upstreamCached: 2,
    });
  });

  it('may have no data of the upstream, which no timer waits for', async () => {
    await using running = await start();
    const warnings: string[] = [];
    const note = ({ name }: Error) => void warnings.push(name);
    process.on('warning', note);
    for (let time = 0; time < 4; time++)
      expect((await running.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    await sleep(20);
    process.off('warning', note);
    expect(warnings).not.toContain('TimeoutOverflowWarning');
  });

  it('is not used after a write', async () => {
    await using running = await start();
    const { ask } = running;
    type Orders = {
      productOrders: { totalCount: number; nodes: { productOrderId: string; status: string }[] };
    };
    const before = await ask<Orders>(ORDERS);
    expect((await ask<Orders>(ORDERS)).text).toBe(before.text);
    const created = await ask<{ prefillProductOrder: { productOrder: { productOrderId: string } } }>(
      'mutation { prefillProductOrder(input: { businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }, productType: LOGIN }) { productOrder { productOrderId } } }',
    );
    const id = created.data?.prefillProductOrder.productOrder.productOrderId;
    const after = await ask<Orders>(ORDERS);
    expect(after.data?.productOrders.totalCount).toBe((before.data?.productOrders.totalCount ?? 0) + 1);
    expect(after.data?.productOrders.nodes.map(({ productOrderId }) => productOrderId)).toContain(id);
  });

  it('is not used once the gateway has read that something in it is different', async () => {
    await using running = await start();
    const { gateway, ask } = running;
    const page = await ask<Page>(PAGE);
    expect((await ask(PAGE)).text).toBe(page.text);
    // A document is kept compiled when it comes again, and texts with it.
    const reporting = { 'x-upstream-report': '1' };
    for (let round = 0; round < 3; round++) await ask(PAGE, undefined, reporting);
    const [{ msn, configuration } = { msn: '', configuration: undefined }] =
      page.data?.salesUnits.nodes ?? [];
    type Unit = { salesUnit: { name: string } };
    const before = await ask<Unit>(UNIT, { msn });
    await ask<Unit>(UNIT, { msn });
    const captureType = configuration?.captureType === 'DIRECT_CAPTURE' ? 'ReserveCapture' : 'DirectCapture';
    gateway.sandbox.editUnit(msn, { name: 'Changed', configuration: { captureType } });
    expect((await ask<Unit>(UNIT, { msn })).text).toBe(before.text);
    // Another caller wants it as it is now.
    const now = await ask<Unit>(UNIT, { msn }, { 'cache-control': 'no-cache' });
    expect(now.data?.salesUnit.name).toBe('Changed');
    expect((await ask<Unit>(UNIT, { msn })).data?.salesUnit.name).toBe('Changed');
    // The texts of its rows are used again as well, those that are still the same.
    const after = await ask<Page>(PAGE, undefined, reporting);
    const changed = after.data?.salesUnits.nodes.filter(
      (unit, index) =>
        unit.configuration.captureType !== page.data?.salesUnits.nodes[index]?.configuration.captureType,
    );
    expect(changed?.map((unit) => unit.msn)).toEqual([msn]);
    expect((await ask(PAGE)).data).toEqual(after.data);
  });

  it('is not used where the client wants to know more, or accepts nothing old', async () => {
    await using running = await start();
    const { gateway, ask, calls } = running;
    const [msn] = gateway.sandbox.data.msns;
    await ask(UNIT, { msn });
    await ask(UNIT, { msn });
    const reported = await ask(UNIT, { msn }, { 'x-upstream-report': '1' });
    expect(reported.extensions?.upstream).toMatchObject({ calls: 0, cached: 2 });
    const before = calls();
    await ask(UNIT, { msn }, { 'cache-control': 'no-cache' });
    expect(calls()).toBe(before + 2);
    await ask(UNIT, { msn }, { 'cache-control': 'max-age=0' });
    expect(calls()).toBe(before + 4);
  });

  it('is never one with an error', async () => {
    await using running = await start();
    const { gateway, ask } = running;
    const [msn] = gateway.sandbox.data.msns;
    gateway.sandbox.fault({ route: 'GET /management/v1/merchants/{scheme}/{id}', status: 500, times: 10 });
    const failed = await ask(UNIT, { msn });
    expect(failed.errors?.[0]?.path).toEqual(['salesUnit', 'merchant']);
    gateway.sandbox.clearFaults();
    expect((await ask(UNIT, { msn })).errors).toBeUndefined();
  });

  it('is compressed once for each encoding, and is the same then', async () => {
    await using running = await start();
    const { ask } = running;
    await ask(PAGE);
    await ask(PAGE);
    for (const encoding of ['gzip', 'br', 'gzip']) {
      const { headers } = await ask(PAGE, undefined, { 'accept-encoding': encoding });
      expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' });
    }
    expect((await ask(PAGE)).headers['content-encoding']).toBeUndefined();
  });

  it('is for the same tenant and scopes only, and for nobody whose key was revoked', async () => {
    await using owner = await startTestGateway();
    const { url: origin, keys } = owner.sandbox;
    const store = await openSqliteIdempotencyStore({ file: ':memory:' });
    const upstream = createUpstream({
      origin,
      store,
      systemHeaders: {},
      concurrency: 8,
      maxQueued: 100,
      timeoutMs: 5_000,
      cache: 1_000_000,
    });
    const credentials = {
      tokenFlow: 'accesstoken' as const,
      clientId: keys.clientId,
      clientSecret: new Secret(keys.clientSecret),
      subscriptionKey: new Secret(keys.subscriptionKey),
    };
    const entry = (id: string, scope: Scope, key: string): TenantEntry => ({
      id,
      credentials,
      upstreamText: id,
      limits: {},
      targets: [],
      keys: [
        {
          sha256: createHash('sha256').update(key).digest('hex'),
          name: id,
          scopes: [scope],
          audience: 'backend',
        },
      ],
    });
    const tenants = createTenants(upstream, [
      entry('one', 'read', 'mg_one'),
      entry('two', 'read', 'mg_two'),
      entry('none', 'product-orders:write', 'mg_none'),
    ]);
    await using gateway = await startTestGateway({
      shared: owner.sandbox,
      gateway: { authenticate: authenticateBy([byApiKey(tenants)]), open: false },
    });
    await using server = await listenToHotPath(gateway);
    const ask = askAt(server.url);
    const as = (key: string) => ({ authorization: `Bearer ${key}` });
    const units = '{ salesUnits(first: 1) { nodes { name } } }';
    const first = await ask(units, undefined, as('mg_one'));
    expect((await ask(units, undefined, as('mg_one'))).text).toBe(first.text);
    const callsBefore = owner.sandbox.stats().calls['GET /management/v1/sales-units'];
    // The other tenant reads for itself.
    expect((await ask(units, undefined, as('mg_two'))).data).toEqual(first.data);
    expect(owner.sandbox.stats().calls['GET /management/v1/sales-units']).toBe((callsBefore ?? 0) + 1);
    expect((await ask(units, undefined, as('mg_none'))).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    tenants.update([entry('one', 'read', 'mg_other'), entry('two', 'read', 'mg_two')]);
    const revoked = await ask(units, undefined, as('mg_one'));
    expect([revoked.status, revoked.data]).toEqual([401, undefined]);
    expect((await ask(units, undefined, as('mg_other'))).text).toBe(first.text);
    await upstream.close();
  });
});

describe('the same query at the same time', () => {
  for (const cache of ['on', 'off'])
    it(`is run once for fifty clients with CACHE=${cache}`, async () => {
      await using running = await start({ sandbox: { units: 100, latencyMs: 5 }, env: { CACHE: cache } });
      const { gateway, ask, calls } = running;
      const page = PAGE.replace('20', '100');
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask(page)));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers[0]?.errors).toBeUndefined();
      const merchants = gateway.calls()['GET /management/v1/merchants/{scheme}/{id}'] ?? 0;
      expect(calls()).toBe(1 + 100 + merchants);
      expect(gateway.logs.filter(({ msg, status }) => msg === 'request' && status === 200)).toHaveLength(50);
    });

  it('is run anew for each that waited if it fails', async () => {
    await using running = await start({ env: { CACHE: 'off' } });
    const { gateway, ask } = running;
    const [msn] = gateway.sandbox.data.msns;
    // Not repeated, as a failure in passing would be.
    gateway.sandbox.fault({ route: 'GET /management/v1/sales-units/{msn}', status: 400, times: 1 });
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask(UNIT, { msn })));
    expect(answers.filter(({ errors }) => errors)).toHaveLength(1);
  });

  it('does not end for others when the client leaves that came first', async () => {
    await using running = await start({ sandbox: { units: 50, latencyMs: 150 } });
    const { gateway, calls } = running;
    const [msn] = gateway.sandbox.data.msns;
    const abort = new AbortController();
    const url = await listenToHotPath(gateway);
    const leaving = request(url.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: UNIT, variables: { msn } }),
      signal: abort.signal,
    }).catch(() => undefined);
    await expect.poll(calls).toBe(1);
    const staying = askAt(url.url)(UNIT, { msn });
    await new Promise((resolve) => setTimeout(resolve, 30));
    abort.abort();
    await leaving;
    expect((await staying).errors).toBeUndefined();
    expect(calls()).toBe(2);
    await url[Symbol.asyncDispose]();
  });
});

it('counts every request and operation in the metrics, ready answers too', async () => {
  const metrics = createMetrics(64);
  await using running = await start({ gateway: { metrics } });
  const { gateway, ask } = running;
  const [msn] = gateway.sandbox.data.msns;
  for (let round = 0; round < 5; round++) await ask(UNIT, { msn });
  const text = await metrics.text();
  expect(text).toContain(
    'graphql_operation_duration_seconds_count{graphql_operation_type="query",name_class="named",outcome="ok"} 5',
  );
});
