import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../src/server/errors/codes.ts';
import { Unauthenticated } from '../../../src/server/errors/request-errors.ts';
import { Secret } from '../../../src/upstream/keys/secret.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.ts';

interface Row {
  readonly code: keyof typeof errorCodes;
  readonly when: string;
  readonly query: string;
  readonly variables?: object;
  readonly options?: TestGatewayOptions;
  readonly headers?: Record<string, string>;
  readonly arrange?: (gateway: TestGateway) => unknown;
  /** Calls of the Management API that the operation causes; 0 unless told. */
  readonly calls?: number;
}

const details = 'GET /management/v1/sales-units/{msn}';
const units = 'GET /management/v1/sales-units';
const UPSTREAM_TEXT = 'canary-upstream-text';
const unit = '{ salesUnit(msn: "123456") { name } }';
const list = '{ salesUnits { nodes { msn } } }';
const order = `mutation { prefillProductOrder(input: {
  businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }, productType: LOGIN }) {
  productOrder { status } } }`;
const html = { body: `<html>${UPSTREAM_TEXT}</html>`, contentType: 'text/html' };
const problem = {
  type: 'https://example.com/problem',
  title: UPSTREAM_TEXT,
  status: 400,
  detail: UPSTREAM_TEXT,
  instance: 'urn:uuid:0',
  extraDetails: [
    { key: 'CustomErrorCode', value: '9000' },
    { name: 'msn', reason: 'odd' },
  ],
};
const rateLimit = {
  status: 429,
  headers: { 'retry-after': '60' },
  body: { statusCode: 429, message: UPSTREAM_TEXT },
};

const rows: Row[] = [
  { code: 'BAD_REQUEST', when: 'the document does not parse', query: '{ salesUnits {' },
  { code: 'BAD_REQUEST', when: 'a field does not exist', query: '{ salesUnitz { msn } }' },
  {
    code: 'BAD_USER_INPUT',
    when: 'an argument is outside the contract',
    query: '{ salesUnit(msn: "abc") { msn } }',
  },
  {
    code: 'BAD_USER_INPUT',
    when: 'a variable has the wrong type',
    query: 'query ($msn: String!) { salesUnit(msn: $msn) { msn } }',
    variables: { msn: { secret: 'canary-variable' } },
  },
  {
    code: 'BAD_USER_INPUT',
    when: 'the upstream refuses the input',
    arrange: ({ sandbox }) => sandbox.fault({ route: details, status: 400, body: problem }),
    query: unit,
    calls: 1,
  },
  {
    code: 'NOT_FOUND',
    when: 'a listed unit is gone when its details are read',
    arrange: ({ sandbox }) =>
      sandbox.fault({ route: details, status: 404, body: { ...problem, status: 404 } }),
    query: '{ salesUnits(first: 1) { nodes { configuration { captureType } } } }',
    calls: 2,
  },
  {
    code: 'FORBIDDEN',
    when: 'the keys may not do this',
    query: '{ pricePackages { name } }',
    options: {
      credentials: ({ callers: { merchant } }) => ({
        clientId: merchant.clientId,
        clientSecret: new Secret(merchant.clientSecret),
        subscriptionKey: new Secret(merchant.subscriptionKey),
      }),
    },
    calls: 1,
  },
  {
    code: 'FORBIDDEN',
    when: 'the caller lacks the scope',
    query: '{ pricePackages { name } }',
    options: { caller: { scopes: new Set(['introspect']) } },
  },
  {
    code: 'OPERATION_TOO_EXPENSIVE',
    when: 'the operation could cause more calls than allowed',
    query: '{ salesUnits(first: 50) { nodes { configuration { captureType } } } }',
    options: { env: { MAX_UPSTREAM_CALLS: '50' } },
  },
  {
    code: 'UNAUTHENTICATED',
    when: 'authentication fails',
    query: list,
    options: { gateway: { authenticate: () => Promise.reject(new Unauthenticated('canary')) } },
  },
  {
    code: 'AUTHENTICATION_UNAVAILABLE',
    when: 'the keys of the issuer cannot be read',
    query: list,
    options: {
      gateway: { authenticate: () => Promise.reject(new Unauthenticated('canary', { isOutage: true })) },
    },
  },
  {
    code: 'PERSISTED_QUERY_NOT_FOUND',
    when: 'the document is not trusted',
    query: list,
    options: { gateway: { trustedDocuments: { byId: new Map([['1', unit]]), only: true } } },
  },
  {
    code: 'OPERATION_TOO_COMPLEX',
    when: 'the document exceeds a limit',
    query: `{ ${'__typename '.repeat(500)} }`,
  },
  {
    code: 'INTROSPECTION_DISABLED',
    when: 'the caller may not read the schema',
    query: '{ __schema { types { name } } }',
    options: { caller: { scopes: new Set(['read']) } },
  },
  {
    code: 'RATE_LIMITED',
    when: 'too few points are left in the minute',
    query: '{ salesUnits(first: 1) { nodes { configuration { captureType } } } }',
    options: { caller: { limits: { pointsPerMinute: 4 } } },
    arrange: ({ query }) => query('{ salesUnits { totalCount } }'),
    calls: 1,
  },
  {
    code: 'OVERLOADED',
    when: 'too many calls wait already',
    query: '{ salesUnits(first: 50) { nodes { configuration { captureType } } } }',
    options: { env: { UPSTREAM_CONCURRENCY: '1' }, maxQueued: 4 },
    calls: 1 + 1 + 4,
  },
  {
    code: 'DEADLINE_EXCEEDED',
    when: 'the whole operation takes too long',
    query: list,
    options: { env: { REQUEST_DEADLINE_MS: '50' }, sandbox: { latencyMs: 2_000 } },
  },
  {
    code: 'UPSTREAM_TIMEOUT',
    when: 'one call takes too long',
    arrange: ({ sandbox }) => sandbox.fault({ route: units, hang: true }),
    query: list,
    options: { env: { UPSTREAM_TIMEOUT_MS: '50' } },
    calls: 3,
  },
  {
    code: 'UPSTREAM_UNAVAILABLE',
    when: 'the upstream fails',
    arrange: ({ sandbox }) => sandbox.fault({ route: units, status: 503, ...html }),
    query: list,
    calls: 3,
  },
  {
    code: 'UPSTREAM_UNAVAILABLE',
    when: 'the connection breaks',
    arrange: ({ sandbox }) => sandbox.fault({ route: units, reset: 'midBody' }),
    query: list,
    calls: 3,
  },
  {
    code: 'IDEMPOTENCY_KEY_REUSED',
    when: 'the key belongs to another input at the upstream',
    arrange: ({ sandbox }) => sandbox.fault({ route: 'POST /management/v1/product-orders', status: 409 }),
    query: order.replace('productType', 'idempotencyKey: "mine", productType'),
    // It may only be in progress there: a moment later it is not.
    calls: 3,
  },
  {
    code: 'OUTCOME_UNKNOWN',
    when: 'the upstream does not confirm the order',
    arrange: ({ sandbox }) => sandbox.fault({ route: 'POST /management/v1/product-orders', status: 503 }),
    query: order,
    calls: 3,
  },
  {
    code: 'UPSTREAM_BAD_RESPONSE',
    when: 'HTML comes instead of JSON',
    arrange: ({ sandbox }) => sandbox.fault({ route: units, status: 200, ...html }),
    query: list,
    calls: 1,
  },
  {
    code: 'UPSTREAM_RATE_LIMITED',
    when: 'the upstream limits the rate',
    arrange: ({ sandbox }) => sandbox.fault({ route: units, ...rateLimit }),
    query: list,
    calls: 1,
  },
  {
    code: 'CIRCUIT_OPEN',
    when: 'most calls have failed',
    arrange: async (gateway) => {
      gateway.sandbox.fault({ route: details, status: 500 });
      await gateway.query('{ salesUnits(first: 40) { nodes { configuration { captureType } } } }');
      gateway.sandbox.reset();
    },
    query: `{ salesUnit(msn: "774843") { name } }`,
  },
  {
    code: 'NOT_CACHED',
    when: 'the caller allows no call',
    query: list,
    headers: { 'cache-control': 'only-if-cached' },
  },
  {
    code: 'DIRECTORY_UNAVAILABLE',
    when: 'there is no directory',
    query: '{ merchants { totalCount } }',
  },
  {
    code: 'CURSOR_EXPIRED',
    when: 'the cursor is of a file that was lost',
    options: { directory: true },
    arrange: ({ sandbox }) => sandbox.reset(),
    query: `{ changes(after: "${Buffer.from('["changes","AAAAAAAA","1"]').toString('base64url')}") { totalCount } }`,
  },
  {
    code: 'UPSTREAM_BLOCKED',
    when: 'a firewall refuses the request',
    arrange: ({ sandbox }) => sandbox.fault({ route: units, status: 403, bodyShape: 'html' }),
    query: list,
    calls: 1,
  },
  {
    code: 'UPSTREAM_UNAUTHENTICATED',
    when: 'the upstream refuses the keys',
    options: { credentials: () => ({ clientSecret: new Secret('canary-secret') }) },
    query: list,
  },
  {
    code: 'INTERNAL',
    when: 'the gateway itself fails',
    arrange: ({ client }) => {
      Object.assign(client, {
        api: () => {
          throw new Error('canary: client_secret=canary-secret');
        },
      });
    },
    query: list,
  },
  {
    code: 'UPSTREAM_BAD_RESPONSE',
    when: 'an identifier of the upstream is not fit for a path',
    arrange: ({ sandbox }) =>
      sandbox.fault({
        route: details,
        patch: [{ path: ['businessIdentifier', 'scheme'], value: '../../canary' }],
      }),
    query: '{ salesUnits(first: 1) { nodes { merchant { name } } } }',
    calls: 2,
  },
];

describe('error codes', () => {
  it.each(rows)(
    '$code when $when',
    async ({ code, query, variables, headers = {}, options, arrange, calls = 0 }) => {
      await using gateway = await startTestGateway(options);
      await arrange?.(gateway);
      const answer = await gateway.query(query, variables, { headers });
      expect(answer.errors?.map(({ extensions }) => extensions.code)).toContain(code);
      for (const { extensions } of answer.errors ?? []) {
        expect(extensions.retryable).toBe(errorCodes[extensions.code as Row['code']].retryable);
        if ((answer.errors?.length ?? 0) <= 20) expect(extensions.requestId).toMatch(/^[\w-]{36}$/);
      }
      expect(JSON.stringify(answer)).not.toMatch(/canary|<html|127\.0\.0\.1/);
      expect(JSON.stringify(gateway.logs)).not.toMatch(
        code === 'INTERNAL' ? /canary-variable/ : /canary-secret|canary-variable/,
      );
      expect(total(gateway.calls())).toBe(calls);
    },
  );

  it('covers every code but those that need another request, which have tests of their own', () => {
    const covered = new Set<string>(rows.map(({ code }) => code));
    expect(Object.keys(errorCodes).filter((code) => !covered.has(code))).toEqual([
      'BATCHING_NOT_ALLOWED',
      'PERSISTED_QUERY_NOT_SUPPORTED',
      'SLOW_CONSUMER',
      'SUBSCRIPTION_ENDED',
    ]);
  });

  it('tells how long to wait when the upstream said so', async () => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: units, ...rateLimit });
    const { errors } = await gateway.query(list);
    expect(errors?.[0]?.extensions.retryAfterMs).toBeCloseTo(60_000, -2);
  });

  it('keeps the words of the upstream for the log, beside the request id', async () => {
    await using gateway = await startTestGateway();
    gateway.sandbox.fault({ route: details, status: 400, body: problem });
    const { errors } = await gateway.query(unit);
    expect(gateway.logs).toContainEqual(
      expect.objectContaining({
        requestId: errors?.[0]?.extensions.requestId,
        route: details,
        problem: expect.objectContaining({
          title: UPSTREAM_TEXT,
          extraDetails: [
            { name: 'CustomErrorCode', reason: '9000' },
            { name: 'msn', reason: 'odd' },
          ],
        }),
      }),
    );
  });
});

const total = (calls: Record<string, number>) => Object.values(calls).reduce((sum, count) => sum + count, 0);
