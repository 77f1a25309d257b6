import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { SandboxKeys } from '../../../src/sandbox/keys/callers.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { openSqliteIdempotencyStore } from '../../../src/store/sqlite-idempotency.ts';
import { noObserver } from '../../../src/telemetry/observer.ts';
import { CallTracker } from '../../../src/upstream/call-tracker.ts';
import type { Endpoint } from '../../../src/upstream/endpoint.ts';
import { Secret } from '../../../src/upstream/keys/secret.ts';
import type { TenantKey } from '../../../src/upstream/keys/tenant-key.ts';
import { isHttpsLink } from '../../../src/upstream/models/link.ts';
import { Merchant } from '../../../src/upstream/models/merchant.ts';
import { PricePackage } from '../../../src/upstream/models/price-package.ts';
import { productOrderModel } from '../../../src/upstream/models/product-order.ts';
import { SalesUnitDetails, SalesUnitSummary } from '../../../src/upstream/models/sales-unit.ts';
import { noteBody } from '../../../src/upstream/reads/answer-weight.ts';
import { createMemoryAnswerCache } from '../../../src/upstream/reads/memory-answer-cache.ts';
import { readList, readObject } from '../../../src/upstream/reads/read-answer.ts';
import { withCache } from '../../../src/upstream/reads/with-cache.ts';
import { createUpstream } from '../../../src/upstream/upstream.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heldBytes = () => {
  for (let round = 0; round < 3; round++) collect();
  return process.memoryUsage().heapUsed;
};

const MEBIBYTE = 1024 * 1024;
const MAX_BYTES = 8 * MEBIBYTE;
const tracker = new CallTracker('test');
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
// Each its own: equal texts may be one on the heap.
const text = (length: number, index: number, letter = 'x') =>
  `${index.toString(36)}-${Math.random()}-`.padEnd(length, letter).slice(0, length);

const identifier = (index: number) => ({ scheme: 'business:NO:ORG', id: String(100_000_000 + index) });
const unit = (index: number, name = `Kaffebar ${index}`) => ({ msn: String(100_000 + index), name });
const merchant = (index: number, lines: string[]) => ({
  businessIdentifier: identifier(index),
  name: `Kaffebar ${index}`,
  status: 'ACTIVE',
  createdAt: `2023-01-01T00:00:00.${index}Z`,
  updatedAt: `2024-01-01T00:00:00.${index}Z`,
  countryCode: 'NO',
  businessAddress: { lines, postCode: `${index}`, city: `Oslo ${index}`, countryCode: 'NO' },
  businessPostAddress: {
    lines: [...lines],
    postCode: `${index}`,
    city: `Bergen ${index}`,
    countryCode: 'NO',
  },
});
const order = (index: number) => ({
  productOrderId: crypto.randomUUID(),
  productOrderType: 'PREFILL',
  productType: 'LOGIN',
  status: 'COMPLETED',
  businessIdentifier: identifier(index),
  productOrderUrl: `https://portal.vipps.no/register/prefilled/${crypto.randomUUID()}`,
  salesUnit: unit(index),
});

const orders = productOrderModel(isHttpsLink);
const cases: [what: string, shape: z.ZodType, body: (index: number) => unknown][] = [
  [
    'units with a name of 2,000 characters',
    SalesUnitDetails,
    (index) => ({
      ...unit(index, text(2_000, index)),
      businessIdentifier: identifier(index),
      configuration: {},
    }),
  ],
  [
    'units with a name outside Latin-1',
    SalesUnitDetails,
    (index) => ({
      ...unit(index, text(2_000, index, 'ж')),
      businessIdentifier: identifier(index),
      configuration: {},
    }),
  ],
  [
    'units as they are',
    SalesUnitDetails,
    (index) => ({
      ...unit(index),
      businessIdentifier: identifier(index),
      configuration: { paymentAllowed: true },
    }),
  ],
  [
    'merchants with two addresses',
    Merchant,
    (index) =>
      merchant(
        index,
        times(10, (line) => `${line}${index}`),
      ),
  ],
  ['merchants as they are', Merchant, (index) => merchant(index, [`Storgata ${index}`])],
  ['lists of units', SalesUnitSummary, (index) => times(500, (row) => unit(index * 500 + row))],
  ['lists of the shortest units', SalesUnitSummary, () => times(500, (row) => unit(row, `${row}`))],
  [
    'lists of units with long names',
    SalesUnitSummary,
    (index) => times(100, (row) => unit(row, text(1_500, index))),
  ],
  [
    'lists of units with a few wide letters',
    SalesUnitSummary,
    (index) => times(100, (row) => unit(row, `${text(1_500, index)}ж`)),
  ],
  ['lists of orders', orders, (index) => times(200, (row) => order(index * 200 + row))],
  [
    'lists of the shortest orders',
    orders,
    () => times(200, (row) => ({ status: '', businessIdentifier: { scheme: `${row}`, id: `${row}` } })),
  ],
  [
    'lists of price packages',
    PricePackage,
    (index) =>
      times(100, (row) => ({
        pricePackageId: crypto.randomUUID(),
        name: text(30, index),
        description: `${row} %`,
        visibleInSignupForm: true,
        productType: 'LOGIN',
        market: 'NO',
        commission: `${row}%`,
      })),
  ],
  ['lists of rows that break the contract', SalesUnitSummary, () => times(500, () => 0)],
  ['empty lists', SalesUnitSummary, () => []],
  ['things that are absent', SalesUnitDetails, () => null],
];

/** Fills a cache far beyond its bound, as the client would, and tells what stays on the heap because of it. */
async function fill(shape: z.ZodType, make: (index: number) => unknown, note: typeof noteBody) {
  const model = { shape, openEnums: [] };
  const endpoint: Endpoint<unknown> = {
    route: 'GET test',
    maxBytes: 16 * MEBIBYTE,
    ttlMs: 60_000,
    read: (json) => json,
  };
  const cache = createMemoryAnswerCache({ maxBytes: MAX_BYTES });
  const fetch = async (index: number) => {
    const body = JSON.stringify(make(index));
    const json: unknown = JSON.parse(body);
    if (json === null) return null;
    const value = Array.isArray(json)
      ? await readList('GET test', model, json, noObserver)
      : readObject('GET test', model, json, noObserver);
    note(value, body);
    return value;
  };
  let at = 0;
  const reads = withCache(
    'tenant' as TenantKey,
    {
      known: () => undefined,
      version: () => 0,
      fetch: () => fetch(at) as never,
      invalidate: () => {},
    },
    { cache, observer: noObserver, maxStaleMs: 0 },
  );
  await reads.fetch({ endpoint, path: '/first', merchantSerialNumber: undefined }, tracker);
  const before = heldBytes();
  let lastSize = -1;
  // Until it drops as much as it takes.
  for (; at < 60_000 && cache.size !== lastSize; ) {
    lastSize = cache.size;
    for (let more = 0; more < 250; more++, at++)
      await reads.fetch(
        { endpoint, path: `/management/v1/sales-units/${100_000 + at}`, merchantSerialNumber: undefined },
        tracker,
      );
  }
  const held = heldBytes() - before;
  expect(cache.size).toBeGreaterThan(0);
  return held;
}

describe('the cache', () => {
  it.each(cases)(
    'holds at most a fifth more than it may: %s',
    { timeout: 60_000 },
    async (_what, shape, make) => {
      await fill(shape, make, noteBody);
      expect(await fill(shape, make, noteBody)).toBeLessThanOrEqual(1.2 * MAX_BYTES);
    },
  );

  it('weighs what it knows no body of', { timeout: 60_000 }, async () => {
    const [, shape, make] = cases[0] ?? [];
    if (!shape || !make) throw new Error('no case');
    expect(await fill(shape, make, (value) => value)).toBeLessThanOrEqual(1.2 * MAX_BYTES);
  });

  it.each([10, 5_000])('weighs a list of %s rows by its body', async (rows) => {
    await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
    const credentials = { ...secretsOf(sandbox.keys), tokenFlow: 'accesstoken' } as const;
    const cache = createMemoryAnswerCache({ maxBytes: 64 * MEBIBYTE });
    const upstream = createUpstream({
      origin: sandbox.url,
      store: await openSqliteIdempotencyStore({ file: ':memory:' }),
      systemHeaders: {},
      concurrency: 1,
      maxQueued: 10,
      timeoutMs: 5_000,
      cache,
    });
    const client = upstream.client(credentials);
    // What nobody reads is in the body all the same: so it shows that the body was weighed and not the rows.
    const body = times(rows, (row) => ({ ...unit(row), unread: 'x'.repeat(1_000) }));
    sandbox.fault({
      route: 'GET /management/v1/sales-units',
      status: 200,
      contentType: 'application/json',
      body,
    });
    expect(await client.api(new CallTracker('test')).salesUnits()).toHaveLength(rows);
    expect(cache.bytes).toBeGreaterThan(rows * 1_000);
    await upstream.close();
  });
});

const secretsOf = ({ clientId, clientSecret, subscriptionKey }: SandboxKeys) => ({
  clientId,
  clientSecret: new Secret(clientSecret),
  subscriptionKey: new Secret(subscriptionKey),
});
