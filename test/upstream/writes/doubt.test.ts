import { describe, expect, it } from 'vitest';
import { openSqliteIdempotencyStore } from '../../../src/store/sqlite-idempotency.ts';
import { IdempotencyStoreUnavailable } from '../../../src/upstream/errors.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { DELETE, failureOf, type Payload, POST, PREFILL, prefill, remove, smallest } from './ordering.ts';

// Whether an order exists is in doubt in each of these; what the client is told must leave no doubt about that.
const env = { UPSTREAM_TIMEOUT_MS: '400', REQUEST_DEADLINE_MS: '10000', CACHE: 'on' };
const TOKEN = 'POST /accesstoken/get';
const LIST = 'GET /management/v1/sales-units';
const DETAILS = 'GET /management/v2/product-orders/{productOrderId}/details';
const ordersOf = ({ sandbox }: TestGateway) => sandbox.data.orders.length;
const sent = ({ sandbox }: TestGateway, route = POST) => sandbox.stats().calls[route] ?? 0;
const linkOf = (answer: Awaited<ReturnType<typeof prefill>>) => answer.data?.prefillProductOrder.prefillUrl;
const lost = { route: POST, reset: 'beforeHeaders', times: 1 } as const;

describe('a token that cannot be had', () => {
  it.each([
    ['400', { status: 400 }, 'UPSTREAM_UNAUTHENTICATED'],
    ['401', { status: 401 }, 'UPSTREAM_UNAUTHENTICATED'],
    ['503', { status: 503 }, 'UPSTREAM_UNAVAILABLE'],
    ['HTML', { contentType: 'text/html' }, 'UPSTREAM_BAD_RESPONSE'],
  ])(
    'is no refusal of the order and no doubt about it (%s): nothing was sent, and the key is free',
    async (_what, fault, code) => {
      await using gateway = await startTestGateway({ env });
      gateway.sandbox.fault({ route: TOKEN, ...fault });
      expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([[code, 'k']]);
      expect(failureOf(await remove(gateway, crypto.randomUUID()))).toEqual([[code, undefined]]);
      expect([sent(gateway), sent(gateway, DELETE)]).toEqual([0, 0]);
      gateway.sandbox.clearFaults();
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      const { data } = await prefill(gateway, { idempotencyKey: 'k', salesUnitName: 'Another' });
      expect(data?.prefillProductOrder).toMatchObject({ replayed: false, userErrors: [] });
    },
  );

  it.each([400, 401, 503])('after an order was sent leaves it in doubt (%i)', async (status) => {
    await using gateway = await startTestGateway({ env });
    const before = ordersOf(gateway);
    gateway.sandbox.fault(lost);
    gateway.sandbox.fault({ route: POST, status: 401, times: 1 });
    // The first token is had; the one after the 401 is not.
    await gateway.client.checkKeys();
    gateway.sandbox.fault({ route: TOKEN, status });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    gateway.sandbox.clearFaults();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    expect(ordersOf(gateway) - before).toBe(1);
  });
});

describe('a refusal', () => {
  const gatewayForm = { statusCode: 422, message: 'x' };

  it.each([
    ['422 of the gateway in front', { status: 422, body: gatewayForm }],
    ['400 with HTML', { status: 400, body: '<html>', contentType: 'text/html' }],
  ])('that the API did not write ends no doubt: %s', async (_what, fault) => {
    await using gateway = await startTestGateway({ env });
    const before = ordersOf(gateway);
    gateway.sandbox.fault(lost);
    gateway.sandbox.fault({ route: POST, times: 1, ...fault });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    expect(ordersOf(gateway) - before).toBe(1);
  });

  it('that the API did not write is no fault of the input, and is not kept', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, times: 1, status: 422, body: gatewayForm });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([
      ['UPSTREAM_BAD_RESPONSE', 'k'],
    ]);
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
  });

  it('that the API wrote ends all doubt: it keeps refusals for their key', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, reset: 'beforeHeaders', work: false, times: 1 });
    gateway.sandbox.fault({ route: POST, status: 400, times: 1 });
    const { data, errors } = await prefill(gateway, { idempotencyKey: 'k' });
    expect([errors, data?.prefillProductOrder.userErrors]).toMatchObject([undefined, [{ code: 'REFUSED' }]]);
  });

  it('names fields of the input and nothing else, each once', async () => {
    await using gateway = await startTestGateway({ env });
    const names = [
      'website.testWebsitePassword.hunter2 is bad',
      'constructor',
      '$.salesUnitName',
      'SalesUnitName',
      'settlementBankAccount.id',
    ];
    const extraDetails = names.map((name) => ({ name, reason: "'86011117947' is not an account" }));
    const body = {
      type: 'x',
      title: 'x',
      status: 400,
      detail: '86011117947',
      instance: 'urn:uuid:1',
      traceId: 't1',
      extraDetails,
    };
    gateway.sandbox.fault({ route: POST, status: 400, body });
    const { data } = await prefill(gateway);
    expect(data?.prefillProductOrder.userErrors.map(({ field }) => field.join('.'))).toEqual([
      'input.salesUnitName',
      'input.settlementBankAccount.id',
    ]);
    // The log has what a support case needs, and none of the words, which may quote the input.
    expect(gateway.logs).toContainEqual(
      expect.objectContaining({
        status: 400,
        problem: { writtenBy: 'api', instance: 'urn:uuid:1', traceId: 't1' },
      }),
    );
    expect(JSON.stringify([data, gateway.logs])).not.toMatch(/hunter2|86011117947/);
  });
});

describe('a key that is open', () => {
  const open = async (gateway: TestGateway, idempotencyKey = 'k') => {
    gateway.sandbox.fault({ route: POST, status: 503, work: true, times: 3 });
    expect(failureOf(await prefill(gateway, { idempotencyKey }))?.[0]?.[0]).toBe('OUTCOME_UNKNOWN');
  };

  it.each([
    ['is asked for again while the upstream refuses the keys', { status: 401 }],
    ['… forbids', { status: 403 }],
    ['… asks for patience', { status: 429 }],
    ['… says 409', { status: 409 }],
  ])('stays unknown when it %s', async (_what, fault) => {
    await using gateway = await startTestGateway({ env });
    const before = ordersOf(gateway);
    await open(gateway);
    gateway.sandbox.fault({ route: POST, ...fault });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    gateway.sandbox.clearFaults();
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    expect(ordersOf(gateway) - before).toBe(1);
  });

  it('stays unknown when there is no room in the queue', async () => {
    await using gateway = await startTestGateway({
      env: { ...env, UPSTREAM_CONCURRENCY: '1' },
      maxQueued: 1,
    });
    await open(gateway);
    gateway.sandbox.fault({ route: LIST, delayMs: 300 });
    const busy = [
      gateway.query('{ salesUnits { totalCount } }'),
      gateway.query('{ salesUnit(msn: "99999999") { msn } }'),
    ];
    await expect.poll(() => sent(gateway, LIST)).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    // A key that nobody has used is no doubt.
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'new' }))).toEqual([['OVERLOADED', 'new']]);
    await Promise.all(busy);
  });

  it('stays unknown when the operation ends before its turn', async () => {
    await using gateway = await startTestGateway({
      env: { UPSTREAM_CONCURRENCY: '1', UPSTREAM_TIMEOUT_MS: '5000', REQUEST_DEADLINE_MS: '300' },
    });
    gateway.sandbox.fault({ route: POST, status: 503, work: true, times: 3 });
    await prefill(gateway, { idempotencyKey: 'k' });
    await gateway.client.settled();
    // An order keeps its turn beyond the end of its operation, unlike a read.
    gateway.sandbox.fault({ route: POST, delayMs: 1_000 });
    const busy = prefill(gateway, { idempotencyKey: 'busy' });
    await expect.poll(() => sent(gateway)).toBe(4);
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(failureOf(await prefill(gateway))?.[0]?.[0]).toBe('DEADLINE_EXCEEDED');
    await busy;
  });

  it('is told as unknown by a second field of an operation that has no time left', async () => {
    await using gateway = await startTestGateway({ env: { ...env, REQUEST_DEADLINE_MS: '200' } });
    gateway.sandbox.fault({ route: POST, delayMs: 350 });
    const field = `prefillProductOrder(input: {businessIdentifier: {scheme: "business:NO:ORG", id: "123456785"}, productType: LOGIN, idempotencyKey: "k"}) { productOrder { status } }`;
    const { errors } = await gateway.query(`mutation { one: ${field} two: ${field} }`);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN']);
  });
});

describe('a memory that cannot be read', () => {
  it('leaves a key of the client in doubt, and a new one free of it', async () => {
    const outcomes = await openSqliteIdempotencyStore({ file: ':memory:' });
    await using gateway = await startTestGateway({
      env,
      outcomes: { ...outcomes, claim: () => Promise.reject(new IdempotencyStoreUnavailable('busy')) },
    });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(failureOf(await prefill(gateway))?.[0]?.[0]).toBe('OVERLOADED');
    expect(sent(gateway)).toBe(0);
  });

  it('that cannot be written does not fail the order', async () => {
    const outcomes = await openSqliteIdempotencyStore({ file: ':memory:' });
    await using gateway = await startTestGateway({
      env,
      outcomes: { ...outcomes, recordSuccess: () => Promise.reject(new Error('disk full')) },
    });
    const before = ordersOf(gateway);
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    // Asked again, the upstream's own memory of the key answers.
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
    expect(ordersOf(gateway) - before).toBe(1);
  });
});

describe('two who wait for one order', () => {
  it('are both told that it may be made when the first runs out of time', async () => {
    const shared = { UPSTREAM_CONCURRENCY: '1', UPSTREAM_TIMEOUT_MS: '5000', REQUEST_DEADLINE_MS: '1500' };
    await using gateway = await startTestGateway({ env: shared });
    const before = ordersOf(gateway);
    gateway.sandbox.fault({ route: POST, delayMs: 2_000, times: 1 });
    const busy = prefill(gateway, { idempotencyKey: 'busy' });
    await expect.poll(() => sent(gateway)).toBe(1);
    const first = prefill(gateway, { idempotencyKey: 'k' });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const second = prefill(gateway, { idempotencyKey: 'k' });
    // Only the second waiter makes it likely that the order will be made.
    expect(failureOf(await first)).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(linkOf(await second)).toBeTruthy();
    await busy;
    await gateway.client.settled();
    expect(ordersOf(gateway) - before).toBe(2);
  });
});

describe('two processes with one memory', () => {
  it('make one order when the client leaves the first and asks the second', async () => {
    const outcomes = await openSqliteIdempotencyStore({ file: ':memory:' });
    await using one = await startTestGateway({ env: { ...env, UPSTREAM_CONCURRENCY: '1' }, outcomes });
    await using other = await startTestGateway({ env, outcomes, shared: one.sandbox });
    const before = ordersOf(one);
    one.sandbox.fault({ route: LIST, delayMs: 350 });
    const busy = one.query('{ salesUnits { totalCount } }');
    await expect.poll(() => sent(one, LIST)).toBe(1);
    const client = new AbortController();
    const left = one
      .query(PREFILL, { input: { ...smallest, idempotencyKey: 'k' } }, { signal: client.signal })
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 30));
    one.sandbox.fault({ route: POST, delayMs: 100 });
    const retry = prefill(other, { idempotencyKey: 'k' });
    await expect.poll(() => sent(one)).toBe(1);
    client.abort();
    await Promise.all([left, busy]);
    expect(linkOf(await retry)).toBeTruthy();
    const again = await prefill(one, { idempotencyKey: 'k' });
    expect(again.data?.prefillProductOrder.replayed).toBe(true);
    expect([ordersOf(one) - before, sent(one)]).toEqual([1, 1]);
  });
});

describe('an order that was made before', () => {
  it('is told with its id and link when it cannot be read', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, hang: true, times: 3 });
    await prefill(gateway, { idempotencyKey: 'k' });
    gateway.sandbox.fault({ route: DETAILS, status: 500 });
    const { data, errors } = await prefill(gateway, { idempotencyKey: 'k' });
    expect(errors).toBeUndefined();
    expect(data?.prefillProductOrder.productOrder).toMatchObject({
      status: 'UNKNOWN',
      productOrderId: expect.any(String),
      url: data?.prefillProductOrder.prefillUrl,
    });
  });
});

describe('a conflict about a key that the gateway made', () => {
  it('is not told as a key of another input', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 409 });
    expect(failureOf(await prefill(gateway))?.[0]?.[0]).toBe('UPSTREAM_BAD_RESPONSE');
  });

  it('that is over a moment later is no conflict', async () => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 409, times: 1 });
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
  });
});

describe('what another field of the mutation does', () => {
  const one =
    'one: prefillProductOrder(input: {businessIdentifier: {scheme: "business:NO:ORG", id: "123456785"}, productType: LOGIN}) { idempotencyKey prefillUrl }';

  it('cannot take the answer of an order away: too many inputs', async () => {
    await using gateway = await startTestGateway({ env });
    const { data, errors } = await gateway.query<{ one: Payload }>(
      `mutation ($m: [PrefillProductOrderInput!]!) { ${one} two: prefillProductOrders(inputs: $m) { userErrors { code } } }`,
      { m: Array(51).fill(smallest) },
    );
    expect([errors, data]).toMatchObject([
      undefined,
      { one: { prefillUrl: expect.any(String) }, two: { userErrors: [{ code: 'TOO_MANY' }] } },
    ]);
  });

  it('is refused before the first is carried out: an argument that cannot be', async () => {
    await using gateway = await startTestGateway({ env });
    const { data, errors } = await gateway.query(
      `mutation ($i: PrefillProductOrderInput = {businessIdentifier: {scheme: "business:NO:ORG", id: "123456785"}, productType: LOGIN}) { ${one} ...two }
       fragment two on Mutation { two: prefillProductOrder(input: $i) { prefillUrl } }`,
      { i: null },
    );
    expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([undefined, ['BAD_USER_INPUT']]);
    expect(sent(gateway)).toBe(0);
  });
});

describe('an input', () => {
  it('is the same with null as without', async () => {
    await using gateway = await startTestGateway({ env });
    await prefill(gateway, { idempotencyKey: 'k', salesUnitName: null, website: null });
    expect((await prefill(gateway, { idempotencyKey: 'k' })).data?.prefillProductOrder.replayed).toBe(true);
  });
});

describe('a path of an error', () => {
  it.each([
    ['m: prefillProductOrders(inputs: $m) { r: results { o: productOrder { status } } }', ['m', 'r', 0, 'o']],
    ['m: prefillProductOrders(inputs: $m) { r: results { idempotencyKey } }', ['m', 'r', 0]],
    ['m: prefillProductOrders(inputs: $m) { userErrors { code } }', ['m']],
  ])('is a place in the answer: %s', async (field, path) => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, status: 403 });
    const { errors } = await gateway.query(`mutation ($m: [PrefillProductOrderInput!]!) { ${field} }`, {
      m: [smallest],
    });
    expect(errors?.map((error) => [error.path, error.extensions.code])).toEqual([[path, 'FORBIDDEN']]);
  });
});

describe('waiting', () => {
  it('for the upstream to be ready again holds no turn of others', async () => {
    await using gateway = await startTestGateway({
      env: { UPSTREAM_TIMEOUT_MS: '5000', UPSTREAM_CONCURRENCY: '2' },
    });
    gateway.sandbox.fault({ route: POST, status: 429, retryAfter: 2, times: 2 });
    const orders = [prefill(gateway), prefill(gateway)];
    await expect.poll(() => sent(gateway)).toBe(2);
    const startedAt = performance.now();
    await gateway.query('{ salesUnits { totalCount } }');
    const readMs = performance.now() - startedAt;
    for (const answer of await Promise.all(orders)) expect(linkOf(answer)).toBeTruthy();
    expect(readMs * 2).toBeLessThan(performance.now() - startedAt);
  });

  it('in the queue of sockets is not sending: what was told as not sent never arrives', async () => {
    await using gateway = await startTestGateway({
      env: { UPSTREAM_TIMEOUT_MS: '250', UPSTREAM_CONCURRENCY: '2' },
      wrapHttp: (http) => ({ ...http }),
    });
    // Token calls use the same sockets, which are two: both are busy for longer than a call may take.
    await gateway.client.checkKeys();
    gateway.sandbox.fault({ route: LIST, hang: true });
    gateway.sandbox.fault({ route: TOKEN, hang: true });
    const before = ordersOf(gateway);
    const reads = [1, 2].map(() => gateway.query('{ salesUnits { totalCount } }'));
    const answer = await prefill(gateway, { idempotencyKey: 'k' });
    await Promise.all(reads);
    await gateway.client.settled();
    const made = ordersOf(gateway) - before;
    expect(answer.errors ? made === 0 || failureOf(answer)?.[0]?.[0] === 'OUTCOME_UNKNOWN' : made === 1).toBe(
      true,
    );
  });
});

describe('an answer that is no answer', () => {
  it.each([
    ['too large', { huge: 400_000 }],
    ['without an id', { patch: [{ path: ['prefilledOrderId'], remove: true as const }] }],
    ['with an id that is none', { patch: [{ path: ['prefilledOrderId'], value: '../x' }] }],
  ])('leaves the order in doubt: %s', async (_what, fault) => {
    await using gateway = await startTestGateway({ env });
    gateway.sandbox.fault({ route: POST, times: 1, ...fault });
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['OUTCOME_UNKNOWN', 'k']]);
    expect(linkOf(await prefill(gateway, { idempotencyKey: 'k' }))).toBeTruthy();
  });
});

describe('a failed write', () => {
  it('may have changed what is kept of orders', async () => {
    await using gateway = await startTestGateway({ env });
    const count = async () =>
      (await gateway.query<{ productOrders: { totalCount: number } }>('{ productOrders { totalCount } }'))
        .data?.productOrders.totalCount ?? 0;
    const before = await count();
    gateway.sandbox.fault({ route: POST, status: 500, work: true });
    await prefill(gateway, { idempotencyKey: 'k' });
    expect(await count()).toBe(before + 1);
  });
});

describe('a key whose order was deleted', () => {
  it('says that it is gone, and not that all is well', async () => {
    await using gateway = await startTestGateway({ env });
    const { data } = await prefill(gateway, { idempotencyKey: 'k' });
    await remove(gateway, data?.prefillProductOrder.productOrder?.productOrderId ?? '');
    expect(failureOf(await prefill(gateway, { idempotencyKey: 'k' }))).toEqual([['NOT_FOUND', 'k']]);
    expect(sent(gateway)).toBe(1);
  });
});
