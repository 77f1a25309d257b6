import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import type { Http, HttpRequest } from '../../../src/upstream/http/http.ts';
import { Secret } from '../../../src/upstream/keys/secret.ts';
import type { IdempotencyStore } from '../../../src/upstream/writes/idempotency-store.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import {
  DELETE,
  failureOf,
  type Payload,
  POST,
  PREFILL,
  PREFILL_MANY,
  prefill,
  remove,
  smallest,
} from './ordering.ts';

// Short attempts and a generous deadline, so that three of them fit.
const env = { UPSTREAM_TIMEOUT_MS: '400', REQUEST_DEADLINE_MS: '10000', CACHE: 'on' };
const times = <T>(count: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));
const ordersOf = ({ sandbox }: TestGateway) => sandbox.data.orders.length;
const sent = ({ sandbox }: TestGateway, route = POST) => sandbox.stats().calls[route] ?? 0;

// What the tests below must notice: the mechanism that they hold, switched off.
const freshKeyEachTime = (http: Http): Http => ({
  ...http,
  exchange: (request, cancellation) =>
    http.exchange(withHeader(request, 'idempotency-key', randomUUID()), cancellation),
});
const forgetful: IdempotencyStore = {
  claim: async () => ({ state: 'new', at: Date.now(), token: '' }),
  recordSuccess: async () => {},
  recordRefusal: async () => {},
  release: async () => {},
  madeAt: async (refs) => refs.map(() => undefined),
  close: () => {},
};
const withHeader = (request: HttpRequest, name: string, value: string): HttpRequest =>
  name in request.headers ? { ...request, headers: { ...request.headers, [name]: value } } : request;

describe('F05: a connection that breaks in the body of the answer', () => {
  it('is one order: the second attempt carries the same key', async () => {
    await using gateway = await startTestGateway({ env });
    const before = ordersOf(gateway);
    gateway.sandbox.fault({ route: POST, reset: 'midBody', times: 1 });
    const { data, errors } = await prefill(gateway);
    expect([errors, data?.prefillProductOrder.productOrder?.status]).toEqual([undefined, 'RECEIVED']);
    expect([ordersOf(gateway) - before, sent(gateway)]).toEqual([1, 2]);
  });

  it('would be two with a new key for each attempt', async () => {
    await using gateway = await startTestGateway({ env, wrapHttp: freshKeyEachTime });
    const before = ordersOf(gateway);
    gateway.sandbox.fault({ route: POST, reset: 'midBody', times: 1 });
    await prefill(gateway);
    expect(ordersOf(gateway) - before).toBe(2);
  });

  it('is read again when it was a read', async () => {
    await using gateway = await startTestGateway({ env });
    const route = 'GET /management/v1/sales-units';
    gateway.sandbox.fault({ route, reset: 'midBody', times: 1 });
    const { errors } = await gateway.query('{ salesUnits { totalCount } }');
    expect([errors, sent(gateway, route)]).toEqual([undefined, 2]);
  });
});

describe('F34: a client that leaves while its order is on the wire', () => {
  async function leave(gateway: TestGateway, keys: readonly string[]) {
    gateway.sandbox.fault({ route: POST, delayMs: 100 });
    const client = new AbortController();
    const answers = keys.map((idempotencyKey) =>
      gateway
        .query(PREFILL, { input: { ...smallest, idempotencyKey } }, { signal: client.signal })
        .catch(() => undefined),
    );
    await expect.poll(() => sent(gateway)).toBe(keys.length);
    client.abort();
    await Promise.all(answers);
    await gateway.client.settled();
    gateway.sandbox.clearFaults();
  }
  const keys = Array.from({ length: 100 }, (_, index) => `left-${index}`);

  it('does not cut it, and its outcome is there for who asks with the key', async () => {
    await using gateway = await startTestGateway({
      env: { ...env, UPSTREAM_TIMEOUT_MS: '2000', UPSTREAM_CONCURRENCY: '100' },
    });
    const before = ordersOf(gateway);
    await leave(gateway, keys);
    expect([ordersOf(gateway) - before, gateway.sandbox.stats().aborted]).toEqual([100, 0]);
    const again = await times(100, (index) => prefill(gateway, { idempotencyKey: keys[index] }));
    expect(again.every(({ data }) => data?.prefillProductOrder.replayed)).toBe(true);
    expect(again.every(({ data }) => data?.prefillProductOrder.prefillUrl)).toBe(true);
    expect([ordersOf(gateway) - before, sent(gateway)]).toEqual([100, 100]);
  });

  it('would be cut if the call went with its client', async () => {
    const client = new Cancellation();
    await using gateway = await startTestGateway({
      env: { ...env, UPSTREAM_TIMEOUT_MS: '2000' },
      wrapHttp: (http) => ({ ...http, exchange: (request) => http.exchange(request, client) }),
    });
    gateway.sandbox.fault({ route: POST, delayMs: 100 });
    const answer = prefill(gateway);
    await expect.poll(() => sent(gateway)).toBe(1);
    client.cancel(new Error('left'));
    await answer;
    await expect.poll(() => gateway.sandbox.stats().aborted).toBeGreaterThan(0);
  });

  it('drops the order that had not left yet', async () => {
    await using gateway = await startTestGateway({ env: { ...env, UPSTREAM_CONCURRENCY: '1' } });
    const before = ordersOf(gateway);
    gateway.sandbox.fault({ route: 'GET /management/v1/sales-units', delayMs: 100 });
    const busy = gateway.query('{ salesUnits { totalCount } }');
    await expect.poll(() => sent(gateway, 'GET /management/v1/sales-units')).toBe(1);
    const client = new AbortController();
    const answer = gateway
      .query(PREFILL, { input: { ...smallest, idempotencyKey: 'queued' } }, { signal: client.signal })
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.abort();
    await Promise.all([busy, answer]);
    await gateway.client.settled();
    expect([ordersOf(gateway) - before, sent(gateway)]).toEqual([0, 0]);
    // And its key is free for another input.
    const { data } = await prefill(gateway, { idempotencyKey: 'queued', salesUnitName: 'Another' });
    expect(data?.prefillProductOrder.replayed).toBe(false);
  });
});

describe('F45: an upstream that commits and never answers', () => {
  async function orderInto(gateway: TestGateway, count: number, hangs: number) {
    gateway.sandbox.fault({ route: POST, hang: true, times: hangs });
    const answers = await times(count, () => prefill(gateway));
    gateway.sandbox.clearFaults();
    return answers;
  }
  const concurrent = { ...env, UPSTREAM_CONCURRENCY: '100' };

  it('leads to one order each, told or named unknown with its key, and never to a failure', async () => {
    await using gateway = await startTestGateway({ env: concurrent });
    const before = ordersOf(gateway);
    // Enough for every first and second attempt, and for some of the third.
    const answers = await orderInto(gateway, 100, 240);
    const unknown = answers.filter(({ errors }) => errors);
    const told = answers.filter(({ data }) => data?.prefillProductOrder.prefillUrl);
    expect(unknown.length).toBeGreaterThan(0);
    expect(told.length + unknown.length).toBe(100);
    expect(new Set(unknown.map((answer) => failureOf(answer)?.[0]?.[0]))).toEqual(
      new Set(['OUTCOME_UNKNOWN']),
    );
    const keys = answers.map(({ data }) => data?.prefillProductOrder.idempotencyKey);
    expect(new Set(keys).size).toBe(100);
    expect(unknown.map((answer) => failureOf(answer)?.[0]?.[1])).toEqual(
      unknown.map(({ data }) => data?.prefillProductOrder.idempotencyKey),
    );
    expect(ordersOf(gateway) - before).toBe(100);
    expect(sent(gateway)).toBeLessThanOrEqual(300);
    // Asking again as the error says brings the order.
    const again = await times(unknown.length, (index) =>
      prefill(gateway, { idempotencyKey: failureOf(unknown[index] ?? {})?.[0]?.[1] }),
    );
    expect(again.every(({ data }) => data?.prefillProductOrder.prefillUrl)).toBe(true);
    expect(ordersOf(gateway) - before).toBe(100);
  });

  it('would make several orders of one with a new key for each attempt', async () => {
    await using gateway = await startTestGateway({ env: concurrent, wrapHttp: freshKeyEachTime });
    const before = ordersOf(gateway);
    await orderInto(gateway, 10, 30);
    expect(ordersOf(gateway) - before).toBe(30);
  });
});

describe('F46: one key, a hundred times at once', () => {
  it('is one order and a hundred equal answers', async () => {
    await using gateway = await startTestGateway({ env });
    const before = ordersOf(gateway);
    const answers = await times(100, () => prefill(gateway, { idempotencyKey: 'same' }));
    expect(new Set(answers.map(({ data }) => data?.prefillProductOrder.prefillUrl)).size).toBe(1);
    expect(answers.filter(({ data }) => !data?.prefillProductOrder.replayed)).toHaveLength(1);
    expect([ordersOf(gateway) - before, sent(gateway)]).toEqual([1, 1]);
  });

  it('would be a hundred without the key', async () => {
    await using gateway = await startTestGateway({ env });
    const before = ordersOf(gateway);
    await times(100, () => prefill(gateway));
    expect(ordersOf(gateway) - before).toBe(100);
  });
});

describe('F47: one key, another input', () => {
  it.each([
    ['at once', true],
    ['later', false],
  ])('is refused without a call, %s', async (_when, atOnce) => {
    await using gateway = await startTestGateway({ env });
    const first = prefill(gateway, { idempotencyKey: 'same' });
    if (!atOnce) await first;
    const answer = await prefill(gateway, { idempotencyKey: 'same', salesUnitName: 'Another' });
    expect(failureOf(answer)).toEqual([['IDEMPOTENCY_KEY_REUSED', 'same']]);
    expect((await first).errors).toBeUndefined();
    expect(sent(gateway)).toBe(1);
  });

  it('would reach the upstream without a memory', async () => {
    await using gateway = await startTestGateway({ env, outcomes: forgetful });
    await prefill(gateway, { idempotencyKey: 'same' });
    const answer = await prefill(gateway, { idempotencyKey: 'same', salesUnitName: 'Another' });
    // The upstream's own memory of keys is the second line.
    expect(failureOf(answer)).toEqual([['IDEMPOTENCY_KEY_REUSED', 'same']]);
    expect(sent(gateway)).toBeGreaterThan(1);
  });

  it('is another order with the keys of another tenant, in one store (A32)', async () => {
    const { openSqliteIdempotencyStore } = await import('../../../src/store/sqlite-idempotency.ts');
    const outcomes = await openSqliteIdempotencyStore({ file: ':memory:' });
    await using one = await startTestGateway({ env, outcomes });
    await using other = await startTestGateway({
      env,
      outcomes,
      shared: one.sandbox,
      credentials: ({ callers }) => keysOf(callers.otherPartner),
    });
    const idempotencyKey = 'same';
    const [mine, theirs] = [await prefill(one, { idempotencyKey }), await prefill(other, { idempotencyKey })];
    const [myId, theirId] = [mine, theirs].map(
      ({ data }) => data?.prefillProductOrder.productOrder?.productOrderId ?? '',
    );
    expect(theirs.data?.prefillProductOrder.replayed).toBe(false);
    expect(theirId).not.toBe(myId);
    expect(sent(one)).toBe(2);
    // Nor can the other one delete it, or learn that it exists.
    const deletion = await remove(other, myId ?? '');
    expect(deletion.data?.deleteProductOrder.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await other.query(`{ productOrder(productOrderId: "${myId}") { status } }`)).data).toEqual({
      productOrder: null,
    });
    expect((await one.query(`{ productOrder(productOrderId: "${myId}") { status } }`)).data).toEqual({
      productOrder: { status: 'RECEIVED' },
    });
  });
});

describe('F48: two fields of one operation', () => {
  const both = (one: string, other: string) => `mutation {
    one: prefillProductOrder(input: {businessIdentifier: {scheme: "business:NO:ORG", id: "123456785"}, productType: LOGIN${one}}) { idempotencyKey prefillUrl }
    other: prefillProductOrder(input: {businessIdentifier: {scheme: "business:NO:ORG", id: "123456785"}, productType: LOGIN${other}}) { idempotencyKey prefillUrl } }`;

  it('are two orders with two keys, and one order with one', async () => {
    await using gateway = await startTestGateway({ env });
    const before = ordersOf(gateway);
    const apart = await gateway.query<Record<'one' | 'other', Payload>>(both('', ''));
    expect(apart.data?.one.idempotencyKey).not.toBe(apart.data?.other.idempotencyKey);
    expect(ordersOf(gateway) - before).toBe(2);
    const key = ', idempotencyKey: "shared"';
    const shared = await gateway.query<Record<'one' | 'other', Payload>>(both(key, key));
    expect(shared.data?.one).toEqual(shared.data?.other);
    expect([ordersOf(gateway) - before, sent(gateway)]).toEqual([3, 3]);
  });

  it('keep what one of them made when the other fails', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 401, times: 4 });
    const { data, errors } = await gateway.query<Record<'one' | 'other', Payload>>(
      both(', idempotencyKey: "first"', ', idempotencyKey: "second"'),
    );
    expect(errors?.map(({ path, extensions }) => [path, extensions.idempotencyKey])).toEqual([
      [['one'], 'first'],
      [['other'], 'second'],
    ]);
    expect(data?.one).toEqual({ idempotencyKey: 'first', prefillUrl: null });
  });
});

describe('F49: a deletion', () => {
  async function deleteHundred(gateway: TestGateway) {
    const orders = await times(100, () => prefill(gateway));
    const ids = orders.map(({ data }) => data?.prefillProductOrder.productOrder?.productOrderId ?? '');
    for (const id of ids)
      gateway.sandbox.fault({
        route: DELETE,
        path: `/management/v1/product-orders/${id}`,
        reset: 'beforeHeaders',
        times: 1,
      });
    const answers = await times(100, (index) => remove(gateway, ids[index] ?? ''));
    return answers.filter(({ data }, index) => data?.deleteProductOrder.deletedProductOrderId === ids[index]);
  }

  it('that was carried out and not answered ends as a success', async () => {
    await using gateway = await startTestGateway({ env });
    const before = ordersOf(gateway);
    expect(await deleteHundred(gateway)).toHaveLength(100);
    expect([ordersOf(gateway) - before, sent(gateway, DELETE)]).toEqual([0, 200]);
  });

  it('would end as NOT_FOUND with repeats that nobody knows of', async () => {
    await using gateway = await startTestGateway({
      env,
      wrapHttp: (http) => ({
        ...http,
        exchange: (request, cancellation) =>
          http.exchange(request, cancellation).catch(() => http.exchange(request, cancellation)),
      }),
    });
    expect(await deleteHundred(gateway)).toHaveLength(0);
  });

  it('of what is not there says so', async () => {
    await using gateway = await startTestGateway({ env });
    const { data } = await remove(gateway, randomUUID());
    expect(data?.deleteProductOrder.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it.each([400, 409] as const)('that comes too late says so (%i)', async (lateDeleteStatus) => {
    await using gateway = await startTestGateway({ env, sandbox: { policy: { lateDeleteStatus } } });
    const submitted = gateway.sandbox.data.orders.find(({ status }) => status === 'ORDER_SUBMITTED');
    const { data, errors } = await remove(gateway, submitted?.id ?? '');
    expect([errors, data?.deleteProductOrder.userErrors]).toMatchObject([
      undefined,
      [{ code: 'NOT_DELETABLE', field: ['input', 'productOrderId'] }],
    ]);
  });

  it('that is never answered is OUTCOME_UNKNOWN, and may be sent again', async () => {
    await using gateway = await startTestGateway({ env });
    const { data } = await prefill(gateway);
    const id = data?.prefillProductOrder.productOrder?.productOrderId ?? '';
    gateway.sandbox.fault({ route: DELETE, hang: true });
    expect(failureOf(await remove(gateway, id))).toEqual([['OUTCOME_UNKNOWN', undefined]]);
    expect(sent(gateway, DELETE)).toBe(3);
  });
});

describe('F50: what was written', () => {
  const LISTS = `{ productOrders(first: 1000) { nodes { productOrderId } }
    merchant(businessIdentifier: {scheme: "SCHEME", id: "ID"}) { productOrders(first: 1000) { nodes { productOrderId } } } }`;
  interface Lists {
    productOrders: { nodes: { productOrderId: string | null }[] };
    merchant: { productOrders: { nodes: { productOrderId: string | null }[] } };
  }

  it('is read at once by the gateway that wrote it, a hundred times of a hundred', async () => {
    await using gateway = await startTestGateway({ env });
    const { scheme, id } = gateway.sandbox.data.ownMerchant;
    const query = LISTS.replace('SCHEME', scheme).replace('"ID"', `"${id}"`);
    const read = async () => {
      const { data } = await gateway.query<Lists>(query);
      return [data?.productOrders, data?.merchant.productOrders].map(
        (list) => new Set(list?.nodes.map(({ productOrderId }) => productOrderId)),
      );
    };
    let seen = 0;
    for (let round = 0; round < 100; round++) {
      // A read under way must not bring back what was true before.
      const during = read();
      const { data } = await prefill(gateway, { businessIdentifier: { scheme, id } });
      const orderId = data?.prefillProductOrder.productOrder?.productOrderId ?? '';
      await during;
      const one = await gateway.query(`{ productOrder(productOrderId: "${orderId}") { status } }`);
      const listed = (await read()).every((ids) => ids.has(orderId));
      await remove(gateway, orderId);
      const gone = await gateway.query(`{ productOrder(productOrderId: "${orderId}") { status } }`);
      const unlisted = (await read()).every((ids) => !ids.has(orderId));
      if (one.data?.['productOrder'] && listed && gone.data?.['productOrder'] === null && unlisted) seen++;
    }
    expect(seen).toBe(100);
  });

  it('is read by another gateway when what it keeps has aged', async () => {
    await using writer = await startTestGateway({ env });
    await using reader = await startTestGateway({ env, shared: writer.sandbox });
    const count = async ({ query }: TestGateway) =>
      (await query<{ productOrders: { totalCount: number } }>('{ productOrders { totalCount } }')).data
        ?.productOrders.totalCount ?? 0;
    const [before] = [await count(reader), await count(writer)];
    await prefill(writer);
    // The same query of the same upstream: without forgetting, the writer would see what the reader sees.
    expect([await count(writer), await count(reader)]).toEqual([before + 1, before]);
  });
});

describe('several orders in one field', () => {
  const many = (gateway: TestGateway, inputs: readonly object[]) =>
    gateway.query<{ prefillProductOrders: { results: Payload[] } }>(PREFILL_MANY, {
      inputs: inputs.map((input) => ({ ...smallest, ...input })),
    });

  it('stand each on its own, in the order of the inputs', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, hang: true, times: 3 });
    const { data, errors } = await many(gateway, [{ salesUnitName: 'lost', idempotencyKey: 'lost' }]);
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['prefillProductOrders', 'results', 0, 'productOrder'], 'OUTCOME_UNKNOWN'],
    ]);
    expect(data?.prefillProductOrders.results[0]?.idempotencyKey).toBe('lost');
    const mixed = await many(gateway, [
      { idempotencyKey: 'a' },
      { salesUnitName: '' },
      { idempotencyKey: 'a', salesUnitName: 'Another' },
      { salesUnitName: 'lost', idempotencyKey: 'lost' },
      {},
    ]);
    expect(
      mixed.data?.prefillProductOrders.results.map(({ prefillUrl, userErrors, replayed }) => [
        prefillUrl !== null,
        userErrors.length,
        replayed,
      ]),
    ).toEqual([
      [true, 0, false],
      [false, 1, false],
      [false, 0, false],
      [true, 0, true],
      [true, 0, false],
    ]);
    expect(mixed.errors?.map(({ path, extensions }) => [path?.[2], extensions.code])).toEqual([
      [2, 'IDEMPOTENCY_KEY_REUSED'],
    ]);
  });

  it('are 50 at most', async () => {
    await using gateway = await startTestGateway({ env });
    expect((await many(gateway, Array(50).fill({}))).data?.prefillProductOrders.results).toHaveLength(50);
    const { data, errors } = await many(gateway, Array(51).fill({}));
    expect([errors, data?.prefillProductOrders]).toEqual([
      undefined,
      { results: [], userErrors: [{ code: 'TOO_MANY', message: 'must be 50 at most', field: ['inputs'] }] },
    ]);
    expect(sent(gateway)).toBe(50);
  });
});

describe('when certainly nothing was ordered', () => {
  it.each([
    [
      '429 that asks for too much patience',
      { status: 429, headers: { 'retry-after': '60' } },
      'UPSTREAM_RATE_LIMITED',
      1,
    ],
    ['429 every time', { status: 429 }, 'UPSTREAM_RATE_LIMITED', 3],
    ['401 every time', { status: 401 }, 'UPSTREAM_UNAUTHENTICATED', 2],
    ['403', { status: 403 }, 'FORBIDDEN', 1],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'UPSTREAM_BAD_RESPONSE', 1],
  ] as const)('it is told as a failure, and the key is free: %s', async (_what, fault, code, calls) => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, ...fault });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([[code, 'k']]);
    expect(sent(gateway)).toBe(calls);
    gateway.sandbox.clearFaults();
    const { data } = await prefill(gateway, { idempotencyKey: 'k', salesUnitName: 'Another' });
    expect(data?.prefillProductOrder).toMatchObject({ replayed: false, userErrors: [] });
  });

  it('an upstream that cannot be reached is tried three times', async () => {
    let tried = 0;
    await using gateway = await startTestGateway({
      env,
      wrapHttp: (http) => ({
        ...http,
        exchange: (request, cancellation) => {
          if (request.path.startsWith('/management')) tried++;
          return http.exchange(request, cancellation);
        },
      }),
    });
    await gateway.client.checkKeys();
    await gateway.sandbox.close();
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([
      ['UPSTREAM_UNAVAILABLE', 'k'],
    ]);
    expect(tried).toBe(3);
  });
});

describe('what the upstream refuses', () => {
  it('is told at its fields, in our words, and stays the answer of its key', async () => {
    await using gateway = await startTestGateway({ env });
    const extraDetails = [
      { name: 'website.url', reason: 'Secret words of the upstream.' },
      { name: 'CustomErrorCode', reason: '9000' },
    ];
    gateway.sandbox.fault({
      route: POST,
      status: 400,
      times: 1,
      body: { type: 'x', title: 'x', status: 400, detail: 'Secret words', instance: 'x', extraDetails },
    });
    for (const _ of [1, 2]) {
      const { data, errors } = await prefill(gateway, { idempotencyKey: 'k' });
      expect(errors).toBeUndefined();
      expect(data?.prefillProductOrder.userErrors).toEqual([
        {
          code: 'REFUSED',
          field: ['input', 'website', 'url'],
          message: 'was refused by the Management API',
        },
      ]);
    }
    expect(sent(gateway)).toBe(1);
  });
});

describe('a success that cannot be read', () => {
  it('is OUTCOME_UNKNOWN and is not repeated by us', async () => {
    await using gateway = await startTestGateway({ env });
    const before = ordersOf(gateway);
    gateway.sandbox.fault({ route: POST, contentType: 'text/html', times: 1 });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(sent(gateway)).toBe(1);
    const { data } = await prefill(gateway, { idempotencyKey: 'k' });
    expect(data?.prefillProductOrder.prefillUrl).toBeTruthy();
    expect(ordersOf(gateway) - before).toBe(1);
  });
});

describe('the deadline of an operation', () => {
  it('ends the waiting and not the order', async () => {
    await using gateway = await startTestGateway({
      env: { UPSTREAM_TIMEOUT_MS: '5000', REQUEST_DEADLINE_MS: '200' },
    });
    const before = ordersOf(gateway);
    gateway.sandbox.fault({ route: POST, delayMs: 600, times: 1 });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    await gateway.client.settled();
    const { data } = await prefill(gateway, { idempotencyKey: 'k' });
    expect(data?.prefillProductOrder).toMatchObject({ replayed: true });
    expect([ordersOf(gateway) - before, sent(gateway)]).toEqual([1, 1]);
  });
});

describe('a thousand orders among faults', () => {
  it('make a thousand orders', async () => {
    await using gateway = await startTestGateway({
      env: { ...env, UPSTREAM_TIMEOUT_MS: '250', UPSTREAM_CONCURRENCY: '50' },
    });
    const before = ordersOf(gateway);
    for (const fault of [
      { reset: 'beforeHeaders' },
      { reset: 'midBody' },
      { truncate: true },
      { status: 500 },
      { status: 503 },
      { status: 429 },
      { hang: true },
    ] as const)
      gateway.sandbox.fault({ route: POST, rate: 0.05, ...fault });
    const settle = async (idempotencyKey: string) => {
      for (let round = 0; ; round++) {
        const answer = await prefill(gateway, { idempotencyKey });
        if (!answer.errors) return round;
        expect(['OUTCOME_UNKNOWN', 'UPSTREAM_RATE_LIMITED']).toContain(failureOf(answer)?.[0]?.[0]);
      }
    };
    let unknown = 0;
    for (let wave = 0; wave < 20; wave++) {
      const rounds = await times(50, (index) => settle(`order-${wave}-${index}`));
      unknown += rounds.filter((round) => round > 0).length;
    }
    expect(unknown).toBeGreaterThan(0);
    expect(ordersOf(gateway) - before).toBe(1_000);
  }, 60_000);
});

const keysOf = (keys: { clientId: string; clientSecret: string; subscriptionKey: string }) => ({
  clientId: keys.clientId,
  clientSecret: new Secret(keys.clientSecret),
  subscriptionKey: new Secret(keys.subscriptionKey),
  subscriptionKeySecondary: undefined,
});
