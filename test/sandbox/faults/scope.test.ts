import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { askForManagementToken, control, send, signIn, standardHeaders } from '../client.ts';

const LIST = '/management/v1/sales-units';
const PACKAGES = '/management/v1/partners/price-packages';
let sandbox: Sandbox;
let headers: ApiHeaders;
let others: ApiHeaders;

const statusOf = async (path: string, own: Record<string, string> = headers) =>
  (await send(sandbox, 'GET', path, { headers: own })).status;
const askForToken = async (keys = sandbox.keys) =>
  (await send(sandbox, 'POST', '/accesstoken/get', { headers: standardHeaders(keys) })).status;

beforeAll(async () => {
  sandbox = await startSandbox({ units: 20, latencyMs: 0 });
  headers = await signIn(sandbox);
  others = await signIn(sandbox, sandbox.callers.otherPartner);
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('the routes that a fault is for', () => {
  it.each([{ route: '*' }, {}])(
    'are all of the API, but neither token routes nor unknown ones: %j',
    async (where) => {
      sandbox.fault({ ...where, status: 503 });
      expect(await statusOf(LIST)).toBe(503);
      expect(await statusOf(PACKAGES)).toBe(503);
      expect(await askForToken()).toBe(200);
      expect(await statusOf('/nowhere')).toBe(404);
    },
  );

  it('are those with the given path', async () => {
    sandbox.fault({ path: PACKAGES, status: 503 });
    expect([await statusOf(LIST), await statusOf(PACKAGES)]).toEqual([200, 503]);
  });
});

describe('the caller that a fault is for', () => {
  it('is known by the token', async () => {
    sandbox.fault({ tenant: 'otherPartner', status: 503 });
    expect([await statusOf(LIST), await statusOf(LIST, others)]).toEqual([200, 503]);
  });

  it('is known by the keys where tokens are issued', async () => {
    sandbox.fault({ route: 'POST /accesstoken/get', tenant: 'merchant', status: 503 });
    expect(await askForToken()).toBe(200);
    expect(await askForToken(sandbox.callers.merchant)).toBe(503);
    expect(await askForToken({ ...sandbox.callers.merchant, clientSecret: 'wrong' })).toBe(503);
  });

  it('is another one for the management keys of the same partner', async () => {
    const { json } = await askForManagementToken(sandbox);
    const managing = { Authorization: `Bearer ${json.access_token}` };
    sandbox.fault({ tenant: 'management', status: 503 });
    sandbox.fault({ route: 'POST /miami/v1/token', tenant: 'management', status: 502 });
    expect([await statusOf(LIST), await statusOf(LIST, managing)]).toEqual([200, 503]);
    expect((await askForManagementToken(sandbox)).status).toBe(502);
  });
});

describe('the list of faults', () => {
  it('tells how often each has happened and what is left', async () => {
    const first = sandbox.fault({ route: `GET ${LIST}`, status: 500, times: 3 });
    const second = sandbox.fault({ route: `GET ${PACKAGES}`, delayMs: 1 });
    await statusOf(LIST);
    await statusOf(PACKAGES);
    await statusOf(PACKAGES);
    const { json } = await control(sandbox, 'GET', 'faults');
    expect(json).toEqual([
      { id: first, fault: { route: `GET ${LIST}`, status: 500, times: 3 }, happened: 1, left: 2 },
      { id: second, fault: { route: `GET ${PACKAGES}`, delayMs: 1 }, happened: 2, left: null },
    ]);
    expect(json).toEqual(sandbox.faults());
  });

  it('holds no fault that is over, and the log of calls still names it', async () => {
    const id = sandbox.fault({ status: 500, times: 1 });
    await statusOf(LIST);
    await statusOf(LIST);
    expect((await control(sandbox, 'GET', 'faults')).json).toEqual([]);
    expect(sandbox.calls().map(({ fault }) => fault)).toEqual([id, undefined]);
  });

  it('loses the one that is ended', async () => {
    const first = sandbox.fault({ status: 500 });
    sandbox.fault({ status: 502 });
    expect(await statusOf(LIST)).toBe(500);
    expect((await control(sandbox, 'DELETE', `faults/${first}`)).status).toBe(204);
    expect(await statusOf(LIST)).toBe(502);
    expect((await control(sandbox, 'DELETE', `faults/${first}`)).status).toBe(404);
  });

  it('does not change with the object that a fault was made from', async () => {
    const fault = { status: 500 };
    sandbox.fault(fault);
    fault.status = 502;
    expect(await statusOf(LIST)).toBe(500);
  });
});
