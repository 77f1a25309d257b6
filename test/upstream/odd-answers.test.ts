import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults/fault.ts';
import { startTestGateway } from '../support/gateway.ts';

const route = 'GET /management/v1/sales-units/{msn}';
const sound = {
  msn: '123456',
  name: 'X',
  businessIdentifier: { scheme: 'business:NO:ORG', id: '1234' },
  configuration: {},
};

const rows: [what: string, fault: Omit<Fault, 'route'>, code: string][] = [
  ['invalid JSON', { status: 200, body: '{"msn":' }, 'UPSTREAM_BAD_RESPONSE'],
  ['an empty body', { status: 200, body: '' }, 'UPSTREAM_BAD_RESPONSE'],
  ['null', { status: 200, body: 'null' }, 'UPSTREAM_BAD_RESPONSE'],
  ['a list for an object', { status: 200, body: [] }, 'UPSTREAM_BAD_RESPONSE'],
  [
    'JSON that calls itself HTML',
    { status: 200, body: sound, contentType: 'text/html' },
    'UPSTREAM_BAD_RESPONSE',
  ],
  ['an encoding that nobody asked for', { headers: { 'content-encoding': 'gzip' } }, 'UPSTREAM_BAD_RESPONSE'],
  [
    'more bytes than an object may have',
    { status: 200, body: { ...sound, name: 'x'.repeat(300_000) } },
    'UPSTREAM_BAD_RESPONSE',
  ],
  [
    'a redirect to another host',
    { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    'UPSTREAM_BAD_RESPONSE',
  ],
  ['fewer bytes than announced', { truncate: true }, 'UPSTREAM_UNAVAILABLE'],
  ['a connection that closes before the headers', { reset: 'beforeHeaders' }, 'UPSTREAM_UNAVAILABLE'],
  ['a connection that closes in the body', { reset: 'midBody' }, 'UPSTREAM_UNAVAILABLE'],
  ['502 with HTML', { status: 502, body: '<html>', contentType: 'text/html' }, 'UPSTREAM_UNAVAILABLE'],
  ['no answer at all', { hang: true }, 'UPSTREAM_TIMEOUT'],
  [
    'a 404 of the gateway in front',
    {
      status: 404,
      body: { statusCode: 404, message: 'Resource not found' },
      contentType: 'application/json',
    },
    'UPSTREAM_BAD_RESPONSE',
  ],
  ['a number that is missing', { patch: [{ path: ['msn'], remove: true }] }, 'UPSTREAM_BAD_RESPONSE'],
];

describe('an answer of the upstream that is odd', () => {
  it.each(rows)('becomes a coded error and is not kept: %s', async (_what, fault, code) => {
    await using gateway = await startTestGateway({ env: { CACHE: 'on', UPSTREAM_TIMEOUT_MS: '1500' } });
    const [msn] = gateway.sandbox.data.msns;
    const query = `{ salesUnit(msn: "${msn}") { name configuration { captureType } } }`;
    gateway.sandbox.fault({ route, ...fault });
    const { data, errors } = await gateway.query(query);
    expect(data).toEqual({ salesUnit: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    gateway.sandbox.clearFaults();
    expect((await gateway.query(query)).errors).toBeUndefined();
  });

  it('is read when only the content type is missing', async () => {
    await using gateway = await startTestGateway();
    const [msn] = gateway.sandbox.data.msns;
    gateway.sandbox.fault({ route, contentType: '' });
    expect((await gateway.query(`{ salesUnit(msn: "${msn}") { name } }`)).errors).toBeUndefined();
  });

  it('is null for a 404 of the API itself', async () => {
    await using gateway = await startTestGateway();
    const { hidden } = gateway.sandbox.data;
    for (const msn of [hidden.inactiveMsn, hidden.msnOfOtherPartner, '99999999'])
      expect(await gateway.query(`{ salesUnit(msn: "${msn}") { name } }`)).toEqual({
        data: { salesUnit: null },
      });
  });
});

describe('a client that leaves', () => {
  it('cancels what nobody else waits for, queued calls included', async () => {
    await using gateway = await startTestGateway({
      sandbox: { units: 200, latencyMs: 300 },
      env: { UPSTREAM_CONCURRENCY: '10' },
    });
    const controller = new AbortController();
    const answer = gateway.query(
      '{ salesUnits(first: 200) { nodes { configuration { captureType } } } }',
      undefined,
      { signal: controller.signal },
    );
    await expect.poll(() => gateway.calls()[route] ?? 0).toBe(10);
    controller.abort();
    await answer.catch(() => {});
    await expect.poll(() => gateway.sandbox.stats().aborted).toBe(10);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(gateway.calls()[route]).toBe(10);
  });
});
