import fc from 'fast-check';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { anyOperation } from '../../operation/cost/any-operation.ts';
import { type Answer, startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { listenToHotPath } from '../../support/listen.ts';

const OPERATIONS = 600;

/** Without what is different in every request, and errors in the order of their places. */
function shown({ data, errors, extensions }: Answer<unknown>): object {
  const told = (errors ?? []).map(({ extensions: { requestId: _own, ...rest }, ...error }) =>
    JSON.stringify({ ...error, extensions: rest }),
  );
  const { calls, rows, points } = extensions?.cost ?? {};
  return { data, errors: told.sort(), cost: { calls, rows, points } };
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
  expect(shown(viaHotPath.answer), body).toEqual(shown(viaGeneral.answer));
  expect([viaHotPath.status, viaHotPath.headers], body).toEqual([viaGeneral.status, viaGeneral.headers]);
  const spent = ({ answer: { extensions } }: Told) =>
    extensions?.upstream && extensions.upstream.calls + extensions.upstream.cached;
  // An error at a required field ends the answer while calls of other fields are under way.
  if (!viaGeneral.answer.errors) expect(spent(viaHotPath), body).toBe(spent(viaGeneral));
  return viaHotPath.answer;
}

const accepts = ['application/json', 'application/graphql-response+json'];

describe('the hot path', () => {
  it(`answers ${OPERATIONS} operations as the general way`, { timeout: 120_000 }, async () => {
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
});
