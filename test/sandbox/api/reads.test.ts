import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { send, signIn } from '../client.ts';

let sandbox: Sandbox;
let headers: ApiHeaders;
const get = (path: string, own: Record<string, string> = headers) =>
  send(sandbox, 'GET', `/management/${path}`, { headers: own });

beforeAll(async () => {
  sandbox = await startSandbox({ units: 1000, latencyMs: 0 });
  headers = await signIn(sandbox);
});
afterAll(() => sandbox.close());

describe('the sales units of the main partner', () => {
  it('are exactly 1000 rows of msn and name, both strings', async () => {
    const { status, contentType, json } = await get('v1/sales-units');
    expect([status, contentType]).toEqual([200, 'application/json;charset=UTF-8']);
    expect(json).toHaveLength(1000);
    expect(json.map(({ msn }: { msn: string }) => msn)).toEqual(sandbox.data.msns);
    for (const row of json) expect(row).toEqual({ msn: expect.any(String), name: expect.any(String) });
  });

  it('belong to exactly 200 merchants with five units each', async () => {
    const counts = new Map<string, number>();
    for (const msn of sandbox.data.msns) {
      const { json } = await get(`v1/sales-units/${msn}`);
      expect(json).toMatchObject({ msn, name: sandbox.data.nameOf(msn), configuration: expect.any(Object) });
      counts.set(json.businessIdentifier.id, (counts.get(json.businessIdentifier.id) ?? 0) + 1);
    }
    expect(counts.size).toBe(200);
    expect(new Set(counts.values())).toEqual(new Set([5]));
  });

  it('give msn as an integer in lists when the policy says so', async () => {
    await using other = await startSandbox({ units: 5, latencyMs: 0, policy: { msnAsInteger: true } });
    const own = await signIn(other);
    const list = await send(other, 'GET', '/management/v1/sales-units', { headers: own });
    expect(list.json[0].msn).toBe(Number(other.data.msns[0]));
    const unit = await send(other, 'GET', `/management/v1/sales-units/${list.json[0].msn}`, { headers: own });
    expect(unit.json.msn).toBe(String(list.json[0].msn));
  });
});

describe('a merchant', () => {
  it('is found by its identifier, plain or percent-encoded', async () => {
    const { scheme, id } = sandbox.data.merchants[7] ?? { scheme: '', id: '' };
    const plain = await get(`v1/merchants/${scheme}/${id}`);
    expect(plain.json).toMatchObject({ businessIdentifier: { scheme, id }, status: 'ACTIVE' });
    expect(plain.json.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect((await get(`v1/merchants/${encodeURIComponent(scheme)}/${id}`)).json).toEqual(plain.json);
  });

  it('lists only the units that are connected to the caller', async () => {
    const { scheme, id } = sandbox.data.ownMerchant;
    const path = `v1/merchants/${scheme}/${id}/sales-units`;
    const other = await signIn(sandbox, sandbox.callers.otherPartner);
    const own = await signIn(sandbox, sandbox.callers.merchant);
    expect((await get(path)).json).toHaveLength(5);
    expect((await get(path, other)).json).toHaveLength(1);
    expect((await get(path, own)).json).toHaveLength(7);
  });
});

describe('product orders', () => {
  it('are listed without the expired ones unless these are asked for', async () => {
    const { json } = await get('v2/product-orders');
    const all = (await get('v2/product-orders?includeExpired=true')).json;
    const isExpired = ({ status }: { status: string }) => status === 'EXPIRED';
    expect(all).toHaveLength(100);
    expect(json).toEqual(all.filter((order: { status: string }) => !isExpired(order)));
    expect(all.filter(isExpired).length).toBeGreaterThan(0);
    expect((await get('v2/product-orders?includeExpired=false')).json).toEqual(json);
  });

  it('have a link only when prefilled and a sales unit only when completed', async () => {
    const { json } = await get('v2/product-orders?includeExpired=true');
    for (const order of json) {
      expect('productOrderUrl' in order).toBe(order.productOrderType === 'PREFILL');
      expect(Boolean(order.salesUnit)).toBe(order.status === 'COMPLETED');
      if (order.salesUnit) expect(order.salesUnit.name).toBe(sandbox.data.nameOf(order.salesUnit.msn));
    }
  });

  it('have the same fields in details as in the list', async () => {
    const { json } = await get('v2/product-orders?includeExpired=true');
    for (const order of json.slice(0, 24)) {
      if (!order.productOrderId) continue;
      expect((await get(`v2/product-orders/${order.productOrderId}/details`)).json).toEqual(order);
    }
  });
});

it('gives every partner price packages of its own, for three markets', async () => {
  const { json } = await get('v1/partners/price-packages');
  const other = await get('v1/partners/price-packages', await signIn(sandbox, sandbox.callers.otherPartner));
  const ids = (packages: { pricePackageId: string }[]) =>
    packages.map(({ pricePackageId }) => pricePackageId);
  expect(new Set(json.map(({ market }: { market: string }) => market))).toEqual(new Set(['NO', 'DK', 'FI']));
  expect(json.some(({ commission }: { commission: string | null }) => commission === null)).toBe(true);
  expect(json.find(({ commission }: { commission: string | null }) => commission)).toMatchObject({
    commission: '30 %',
  });
  expect(new Set([...ids(json), ...ids(other.json)]).size).toBe(json.length + other.json.length);
});
