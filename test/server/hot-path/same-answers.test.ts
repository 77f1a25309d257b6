import fc from 'fast-check';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/config/scopes.ts';
import { anyOperation } from '../../operation/cost/any-operation.ts';
import { expectSameErrors } from '../../support/errors-by-place.ts';
import { type Answer, startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { listenToHotPath } from '../../support/listen.ts';
import { OPERATIONS, OPERATIONS_TIMEOUT_MS } from '../../support/operations.ts';

/** Without what is different in every request. */
const told = ({ errors = [] }: Answer<unknown>) =>
  errors.map(({ extensions: { requestId: _own, ...rest }, ...error }) => ({ ...error, extensions: rest }));

function expectSame(actual: Answer<unknown>, expected: Answer<unknown>, message: string): void {
  const costOf = ({ extensions }: Answer<unknown>) => {
    const { calls, rows, points } = extensions?.cost ?? {};
    return { calls, rows, points };
  };
  expect([actual.data, costOf(actual)], message).toEqual([expected.data, costOf(expected)]);
  expectSameErrors(expected.data, told(actual), told(expected), message);
}

interface Told {
  readonly status: number;
  readonly headers: object;
  readonly answer: Answer<unknown>;
}

/** The two ways through one gateway. */
async function bothWays({ gateway, url }: { gateway: TestGateway; url: string }, body: string, more: object) {
  const headers = { 'content-type': 'application/json', 'x-upstream-report': '1', ...more };
  const general = await gateway.gateway.fetch(url, { method: 'POST', headers, body });
  const viaGeneral: Told = {
    status: general.status,
    headers: { type: general.headers.get('content-type'), retry: general.headers.get('retry-after') },
    answer: await general.json(),
  };
  const hot = await request(url, { method: 'POST', headers, body });
  const viaHotPath: Told = {
    status: hot.statusCode,
    headers: { type: hot.headers['content-type'], retry: hot.headers['retry-after'] ?? null },
    answer: (await hot.body.json()) as Answer<unknown>,
  };
  return { viaGeneral, viaHotPath };
}

async function compare(gateway: TestGateway, url: string, body: string, more: object = {}) {
  const { viaGeneral, viaHotPath } = await bothWays({ gateway, url }, body, more);
  expectSame(viaHotPath.answer, viaGeneral.answer, body);
  expect([viaHotPath.status, viaHotPath.headers], body).toEqual([viaGeneral.status, viaGeneral.headers]);
  const spent = ({ answer: { extensions } }: Told) =>
    extensions?.upstream && extensions.upstream.calls + extensions.upstream.cached;
  // An error at a required field ends the answer while calls of other fields are under way.
  if (!viaGeneral.answer.errors) expect(spent(viaHotPath), body).toBe(spent(viaGeneral));
  return viaHotPath.answer;
}

const accepts = ['application/json', 'application/graphql-response+json'];

describe('the hot path', () => {
  it(`answers ${OPERATIONS} operations as the general way`, { timeout: OPERATIONS_TIMEOUT_MS }, async () => {
    await using gateway = await startTestGateway({ sandbox: { units: 12, latencyMs: 0 } });
    await using server = await listenToHotPath(gateway);
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), fc.constantFrom(...accepts), async (draw, accept) => {
        const operation = anyOperation(draw, gateway.sandbox.data, { writes: false, live: false });
        const { errors } = await compare(gateway, server.url, JSON.stringify(operation), { accept });
        failed += Number(errors !== undefined);
      }),
      { numRuns: OPERATIONS, endOnFailure: true },
    );
    expect(failed).toBeGreaterThan(OPERATIONS / 20);
  });

  it('answers as the general way from a cache, between writes, changes and faults', {
    timeout: OPERATIONS_TIMEOUT_MS,
  }, async () => {
    const scopes: Readonly<Record<string, readonly Scope[]>> = {
      all: ['read', 'introspect', 'product-orders:write'],
      reader: ['read'],
      writer: ['product-orders:write'],
    };
    await using gateway: TestGateway = await startTestGateway({
      sandbox: { units: 12, latencyMs: 0 },
      env: { CACHE: 'on' },
      gateway: {
        authenticate: ({ header }) => {
          const id = header('x-test-caller') ?? 'all';
          return {
            id,
            tenantId: 'default',
            client: gateway.client,
            scopes: new Set(scopes[id]),
            audience: 'backend',
            limits: {},
          };
        },
      },
    });
    await using server = await listenToHotPath(gateway);
    const { msns } = gateway.sandbox.data;
    const asked: string[] = [];
    let edits = 0;
    const happenings: Readonly<Record<string, (msn: string) => unknown>> = {
      nothing: () => {},
      edit: (msn) => gateway.sandbox.editUnit(msn, { name: `Name ${edits++}` }),
      read: (msn) =>
        gateway.query(`{ salesUnit(msn: "${msn}") { name merchant { name } } }`, undefined, {
          headers: { 'cache-control': 'no-cache' },
        }),
      fault: () =>
        gateway.sandbox.fault({ route: 'GET /management/v1/merchants/{scheme}/{id}', status: 400, times: 1 }),
      write: () =>
        gateway.query(
          'mutation { prefillProductOrder(input: { businessIdentifier: { scheme: "business:NO:ORG", value: "123456785" }, productType: LOGIN }) { productOrder { id } } }',
        ),
    };
    let repeated = 0;
    const property = fc.asyncProperty(
      fc.gen(),
      fc.constantFrom(...Object.keys(scopes)),
      fc.constantFrom(...Object.keys(happenings)),
      fc.nat(),
      async (draw, caller, happening, number) => {
        const operation = anyOperation(draw, gateway.sandbox.data, { writes: false, live: false });
        // Some that were sent before: they may have an answer that is ready.
        const before = number % 3 > 0 ? asked[number % asked.length] : undefined;
        const body = before ?? JSON.stringify(operation);
        asked.push(body);
        repeated += Number(before !== undefined);
        await happenings[happening]?.(msns[number % msns.length] ?? '');
        const headers = { 'content-type': 'application/json', 'x-test-caller': caller };
        const ask = async () => (await request(server.url, { method: 'POST', headers, body })).body.json();
        const first = (await ask()) as Answer<unknown>;
        gateway.sandbox.clearFaults();
        const response = await gateway.gateway.fetch(server.url, { method: 'POST', headers, body });
        const general = (await response.json()) as Answer<unknown>;
        const again = (await ask()) as Answer<unknown>;
        expectSame(again, general, body);
        // What a fault has spoiled is read again by the next.
        if (happening !== 'fault') expectSame(first, again, body);
        expectSame((await ask()) as Answer<unknown>, again, body);
      },
    );
    await fc.assert(property, { numRuns: OPERATIONS / 2, endOnFailure: true });
    expect(repeated).toBeGreaterThan(OPERATIONS / 8);
  });
});
