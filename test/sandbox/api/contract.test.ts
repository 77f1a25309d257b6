import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createContractCheck } from '../../support/contract.ts';
import type { ApiHeaders } from '../client.ts';
import { askForManagementToken, send, signIn, standardHeaders } from '../client.ts';

const LIST = '/management/v1/sales-units';
let check: (exchange: Exchange) => string[];
let sandbox: Sandbox;
let exchanges: Exchange[] = [];
let headers: ApiHeaders;

beforeAll(async () => {
  check = await createContractCheck();
  sandbox = await startSandbox({
    units: 500,
    latencyMs: 0,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  headers = await signIn(sandbox);
});
beforeEach(() => {
  exchanges = [];
});
afterAll(() => sandbox.close());

const get = (path: string, own: Record<string, string> = headers) =>
  send(sandbox, 'GET', path, { headers: own });
const violations = () => exchanges.flatMap(check);
const lastExchange = (): Exchange => {
  const last = exchanges.at(-1);
  if (!last) throw new Error('nothing was exchanged');
  return last;
};

describe('everything the sandbox answers keeps to the contract', () => {
  it('all units, merchants, orders and price packages, for every caller', async () => {
    const { partner, otherPartner, merchant } = sandbox.callers;
    for (const keys of [partner, otherPartner, merchant]) {
      const own = await signIn(sandbox, keys);
      for (const { msn } of (await get(LIST, own)).json) await get(`${LIST}/${msn}`, own);
      for (const { scheme, id } of sandbox.data.merchants) {
        await get(`/management/v1/merchants/${scheme}/${id}`, own);
        await get(`/management/v1/merchants/${scheme}/${id}/sales-units`, own);
      }
      for (const { productOrderId } of (await get('/management/v2/product-orders?includeExpired=true', own))
        .json) {
        if (productOrderId) await get(`/management/v2/product-orders/${productOrderId}/details`, own);
      }
      await get('/management/v1/partners/price-packages', own);
    }
    expect(exchanges.length).toBeGreaterThan(1000);
    expect(new Set(exchanges.map(({ status }) => status))).toEqual(new Set([200, 403, 404]));
    expect(violations()).toEqual([]);
  });

  it('lists with integers', async () => {
    const policy = { msnAsInteger: true };
    await using other = await startSandbox({
      latencyMs: 0,
      policy,
      onExchange: (exchange) => exchanges.push(exchange),
    });
    const own = await signIn(other);
    await send(other, 'GET', LIST, { headers: own });
    await send(other, 'GET', '/management/v2/product-orders', { headers: own });
    expect(violations()).toEqual([]);
  });

  it('both kinds of token', async () => {
    await signIn(sandbox);
    await askForManagementToken(sandbox);
    expect(exchanges.map(({ status }) => status)).toEqual([200, 200]);
    expect(violations()).toEqual([]);
  });

  // Here the request is wrong on purpose, so only what is said about the answer counts.
  it('refusals', async () => {
    const { Authorization: _, ...withoutToken } = headers;
    const { 'Ocp-Apim-Subscription-Key': __, ...withoutKey } = headers;
    const hidden = sandbox.data.hidden;
    const routes = [
      LIST,
      `${LIST}/${sandbox.data.msns[0]}`,
      `/management/v1/merchants/${sandbox.data.ownMerchant.scheme}/${sandbox.data.ownMerchant.id}`,
      `/management/v1/merchants/${sandbox.data.ownMerchant.scheme}/${sandbox.data.ownMerchant.id}/sales-units`,
      '/management/v2/product-orders',
      `/management/v2/product-orders/${hidden.orderIdOfOtherPartner}/details`,
      '/management/v1/partners/price-packages',
    ];
    for (const path of routes) {
      for (const own of [withoutToken, withoutKey, { ...headers, 'Vipps-System-Name': 'x'.repeat(31) }])
        await get(path, own);
      await get(path, { ...headers, 'Merchant-Serial-Number': hidden.msnOfOtherPartner });
    }
    for (const path of [
      '/management/v2/product-orders?includeExpired=1',
      `${LIST}/1`,
      '/management/v2/product-orders/1/details',
    ]) {
      await get(path);
    }
    const keys = standardHeaders(sandbox.keys);
    for (const wrong of [
      { client_secret: 'x' },
      { 'Ocp-Apim-Subscription-Key': 'x' },
      { 'Merchant-Serial-Number': 'x' },
    ]) {
      await send(sandbox, 'POST', '/accesstoken/get', { headers: { ...keys, ...wrong } });
    }
    for (const wrong of [{ form: 'a=b' }, { Authorization: 'Basic eDp5' }])
      await askForManagementToken(sandbox, wrong);
    expect(exchanges.map(({ status }) => status)).not.toContain(200);
    expect(violations().filter((violation) => violation.includes('response'))).toEqual([]);
  });

  it('faults that ask for nothing but a status', async () => {
    for (const status of [400, 401, 403, 429, 500]) {
      for (const route of [LIST, '/management/v2/product-orders']) {
        sandbox.fault({ route: `GET ${route}`, status, times: 1 });
        await get(route);
        exchanges.push({ ...lastExchange(), faulted: false });
      }
    }
    expect(violations()).toEqual([]);
  });
});
