import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxData } from '../../../src/sandbox/sandbox-data.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { send, signIn } from '../client.ts';

let sandbox: Sandbox;
let headers: ApiHeaders;
const get = (path: string, own: Record<string, string> = headers) =>
  send(sandbox, 'GET', `/management/${path}`, { headers: own });

beforeAll(async () => {
  sandbox = await startSandbox({ units: 30, latencyMs: 0 });
  headers = await signIn(sandbox);
});
afterAll(() => sandbox.close());

describe('a partner cannot tell from nothing', () => {
  it.each<[string, (hidden: SandboxData['hidden']) => string]>([
    ['a unit that is not active', ({ inactiveMsn }) => `v1/sales-units/${inactiveMsn}`],
    ['a unit of another partner', ({ msnOfOtherPartner }) => `v1/sales-units/${msnOfOtherPartner}`],
    [
      'an active unit of a deactivated merchant',
      (hidden) => `v1/sales-units/${hidden.msnOfDeactivatedMerchant}`,
    ],
    ['a deactivated merchant', ({ deactivatedMerchant: { scheme, id } }) => `v1/merchants/${scheme}/${id}`],
    [
      'a merchant of another partner',
      ({ merchantOfOtherPartner: { scheme, id } }) => `v1/merchants/${scheme}/${id}`,
    ],
    [
      'a merchant without active unit',
      (hidden) => `v1/merchants/business:DK:CVR/${hidden.merchantWithoutActiveUnit.id}`,
    ],
    [
      'the units of a merchant that it cannot see',
      ({ merchantOfOtherPartner: { scheme, id } }) => `v1/merchants/${scheme}/${id}/sales-units`,
    ],
    ['a merchant with another scheme', () => `v1/merchants/business:XX:YYY/${sandbox.data.ownMerchant.id}`],
    ['an unknown unit', () => 'v1/sales-units/9999999999'],
  ])('%s', async (_, pathOf) => {
    const { status, contentType, json } = await get(pathOf(sandbox.data.hidden));
    expect([status, contentType]).toEqual([404, 'application/problem+json']);
    expect(json).toMatchObject({ type: expect.stringMatching(/^https:/), title: 'Not Found', status: 404 });
    expect(json.instance).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  });

  it('an order of another partner, whose 404 has the media type of a good answer', async () => {
    const path = `v2/product-orders/${sandbox.data.hidden.orderIdOfOtherPartner}/details`;
    const { status, contentType, json } = await get(path);
    expect([status, contentType, json.status]).toEqual([404, 'application/json;charset=UTF-8', 404]);
    const own = await get(path, await signIn(sandbox, sandbox.callers.otherPartner));
    expect(own.status).toBe(200);
  });
});

describe('another partner', () => {
  it('sees a handful of units, none of them of the main partner', async () => {
    const { json } = await get('v1/sales-units', await signIn(sandbox, sandbox.callers.otherPartner));
    const msns: string[] = json.map(({ msn }: { msn: string }) => msn);
    expect(msns).toHaveLength(6);
    expect(msns).toContain(sandbox.data.hidden.msnOfOtherPartner);
    expect(msns.filter((msn) => sandbox.data.msns.includes(msn))).toEqual([]);
  });

  it('sees orders that name it, completed ones with units of its own', async () => {
    const own = await signIn(sandbox, sandbox.callers.otherPartner);
    const orders = (await get('v2/product-orders?includeExpired=true', own)).json;
    const units = (await get('v1/sales-units', own)).json;
    expect(orders).toHaveLength(5);
    for (const { salesUnit } of orders) if (salesUnit) expect(units).toContainEqual(salesUnit);
  });
});

describe('a merchant with keys of its own', () => {
  it('sees its active units, whichever partner they are connected to, and itself', async () => {
    const own = await signIn(sandbox, sandbox.callers.merchant);
    const { scheme, id } = sandbox.data.ownMerchant;
    const { json } = await get('v1/sales-units', own);
    expect(json).toHaveLength(7);
    for (const { msn } of json)
      expect(sandbox.data.merchantOf(msn).businessIdentifier).toEqual({ scheme, id });
    expect((await get(`v1/merchants/${scheme}/${id}`, own)).status).toBe(200);
    const { scheme: otherScheme = '', id: otherId = '' } = sandbox.data.merchants[1] ?? {};
    expect((await get(`v1/merchants/${otherScheme}/${otherId}`, own)).status).toBe(404);
  });

  it('has no price packages and sees no orders', async () => {
    const own = await signIn(sandbox, sandbox.callers.merchant);
    const packages = await get('v1/partners/price-packages', own);
    expect([packages.status, packages.contentType]).toEqual([403, 'application/problem+json']);
    expect((await get('v2/product-orders', own)).json).toEqual([]);
  });
});
