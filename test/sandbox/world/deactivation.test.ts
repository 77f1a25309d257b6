import { afterAll, describe, expect, it } from 'vitest';
import { control } from '../client.ts';
import { smallest } from '../ordering.ts';
import { startLifecycle, UNITS } from './start-lifecycle.ts';

const { sandbox, get, place, move, statusOf, msnsOf, close } = await startLifecycle();
afterAll(async () => expect(await close()).toEqual([]));

describe('deactivating', () => {
  it('a sales unit takes it out of every list and lookup', async () => {
    const msn = sandbox.data.msns[7] ?? '';
    const { scheme, id } = sandbox.data.merchantOf(msn).businessIdentifier;
    expect(msnsOf((await get(UNITS)).json)).toContain(msn);
    expect((await control(sandbox, 'POST', `sales-units/${msn}/deactivate`)).status).toBe(204);
    expect(msnsOf((await get(UNITS)).json)).not.toContain(msn);
    expect((await get(`${UNITS}/${msn}`)).status).toBe(404);
    const ofMerchant = (await get(`/management/v1/merchants/${scheme}/${id}/sales-units`)).json;
    expect(msnsOf(ofMerchant)).not.toContain(msn);
    expect(sandbox.data.msns).not.toContain(msn);
  });

  it('a merchant takes it and all its units out of every list and lookup', async () => {
    const merchant = sandbox.data.merchants[5] ?? { scheme: '', id: '' };
    const path = `merchants/${merchant.scheme}/${merchant.id}`;
    const units = msnsOf((await get(`/management/v1/${path}/sales-units`)).json);
    expect(units.length).toBeGreaterThan(1);
    expect((await control(sandbox, 'POST', `${path}/deactivate`)).status).toBe(204);
    const listedNow = new Set(msnsOf((await get(UNITS)).json));
    expect(units.filter((msn) => listedNow.has(msn))).toEqual([]);
    for (const lookup of [path, `${path}/sales-units`, `sales-units/${units[0]}`]) {
      expect((await get(`/management/v1/${lookup}`)).status).toBe(404);
    }
    const id = await place({ ...smallest, businessIdentifier: merchant });
    expect((await move(id, 'COMPLETED')).json.message).toContain('deactivated');
    expect(await statusOf(id)).toBe('RECEIVED');
  });

  it('what was added by an order works as well', async () => {
    const businessIdentifier = { scheme: 'business:DK:CVR', id: '13585628' };
    const finish = async () =>
      (await move(await place({ ...smallest, businessIdentifier }), 'COMPLETED')).json.salesUnit.msn;
    const [one, two] = [await finish(), await finish()];
    await control(sandbox, 'POST', `sales-units/${one}/deactivate`);
    expect((await get(`${UNITS}/${one}`)).status).toBe(404);
    expect((await get(`${UNITS}/${two}`)).status).toBe(200);
    await control(sandbox, 'POST', 'merchants/business%3ADK%3ACVR/13585628/deactivate');
    expect((await get(`${UNITS}/${two}`)).status).toBe(404);
  });

  it.each(['sales-units/123/deactivate', 'merchants/business:NO:ORG/1/deactivate'])(
    'what does not exist is not found: %s',
    async (route) => {
      expect((await control(sandbox, 'POST', route)).status).toBe(404);
    },
  );
});
