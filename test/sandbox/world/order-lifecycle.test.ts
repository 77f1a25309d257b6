import { afterAll, describe, expect, it } from 'vitest';
import { signIn } from '../client.ts';
import { details, smallest } from '../ordering.ts';
import { startLifecycle, UNITS } from './start-lifecycle.ts';

const { sandbox, headers, get, place, move, statusOf, msnsOf, close } = await startLifecycle();
afterAll(async () => expect(await close()).toEqual([]));

describe('an order', () => {
  it.each(['COMPLETED', 'REJECTED'])('goes step by step to %s, and no further', async (end) => {
    const id = await place();
    for (const status of ['MERCHANT_VIEWED', 'ORDER_SUBMITTED', end]) {
      expect(await move(id, status)).toMatchObject({ status: 200, json: { productOrderId: id, status } });
      expect(await statusOf(id)).toBe(status);
      expect((await move(id, status)).status).toBe(409);
    }
    for (const status of ['MERCHANT_VIEWED', 'ORDER_SUBMITTED', 'COMPLETED', 'REJECTED']) {
      const { status: answered, json } = await move(id, status);
      expect([answered, json.message]).toEqual([409, `An order with status ${end} cannot become ${status}.`]);
    }
  });

  it('never goes back', async () => {
    const id = await place();
    await move(id, 'ORDER_SUBMITTED');
    expect((await move(id, 'MERCHANT_VIEWED')).status).toBe(409);
    expect(await statusOf(id)).toBe('ORDER_SUBMITTED');
  });

  it('that was not made by prefill is never opened or submitted', async () => {
    const template = sandbox.data.orders.find(
      ({ type, status, id }) => type === 'TEMPLATE' && status === 'RECEIVED' && id,
    );
    expect((await move(template?.id ?? '', 'ORDER_SUBMITTED')).json.message).toBe(
      'An order of type TEMPLATE cannot become ORDER_SUBMITTED.',
    );
    expect((await move(template?.id ?? '', 'COMPLETED')).status).toBe(200);
  });

  it.each(['RECEIVED', 'EXPIRED', 'completed', 1, undefined])('cannot be told to be %j', async (status) => {
    const { status: answered, json } = await move(await place(), status);
    expect([answered, json.message]).toEqual([400, expect.stringContaining('MERCHANT_VIEWED')]);
  });

  it('that does not exist is not found', async () => {
    expect((await move(crypto.randomUUID(), 'COMPLETED')).status).toBe(404);
    expect((await move('%zz', 'COMPLETED')).status).toBe(400);
  });
});

describe('a completed order', () => {
  it('makes its business a merchant with a sales unit, which every lookup shows', async () => {
    const { scheme, id: business } = { scheme: 'business:FI:Y-tunnus', id: '0112038-9' };
    const merchantPath = `/management/v1/merchants/${scheme}/${business}`;
    const body = {
      ...smallest,
      businessIdentifier: { scheme, id: business },
      salesUnitName: 'Kahvila Käpylä',
    };
    expect((await get(merchantPath)).status).toBe(404);
    const before = msnsOf((await get(UNITS)).json);
    const id = await place(body);
    const salesUnit = (await move(id, 'COMPLETED')).json.salesUnit;
    expect(salesUnit).toEqual({ msn: expect.stringMatching(/^\d{5,7}$/), name: 'Kahvila Käpylä' });
    expect(before).not.toContain(salesUnit.msn);
    expect((await details(sandbox, headers, id)).json.salesUnit).toEqual(salesUnit);
    const { json: units } = await get(UNITS);
    expect(units).toHaveLength(before.length + 1);
    expect(units).toContainEqual(salesUnit);
    expect((await get(`${UNITS}/${salesUnit.msn}`)).json).toMatchObject({
      ...salesUnit,
      businessIdentifier: { scheme, id: business },
    });
    expect((await get(merchantPath)).json).toMatchObject({ status: 'ACTIVE', countryCode: 'FI' });
    expect((await get(`${merchantPath}/sales-units`)).json).toEqual([salesUnit]);
    expect(sandbox.data.msns).toContain(salesUnit.msn);
    expect(sandbox.data.merchants).toContainEqual({ scheme, id: business });

    const second = (await move(await place(body), 'COMPLETED')).json.salesUnit;
    expect(second.msn).not.toBe(salesUnit.msn);
    expect((await get(`${merchantPath}/sales-units`)).json).toEqual([salesUnit, second]);

    const other = await signIn(sandbox, sandbox.callers.otherPartner);
    expect((await get(`${UNITS}/${salesUnit.msn}`, other)).status).toBe(404);
    expect((await get(merchantPath, other)).status).toBe(404);
  });

  it('gives a merchant another unit, with a name that is made up when none was asked for', async () => {
    const merchant = await signIn(sandbox, sandbox.callers.merchant);
    const own = sandbox.data.ownMerchant;
    const before = (await get(UNITS, merchant)).json;
    const id = await place({ ...smallest, businessIdentifier: own, salesUnitName: null });
    const { salesUnit } = (await move(id, 'COMPLETED')).json;
    expect(salesUnit.name).not.toBe('');
    expect((await get(UNITS, merchant)).json).toEqual([...before, salesUnit]);
    expect(
      msnsOf((await get(`/management/v1/merchants/${own.scheme}/${own.id}/sales-units`)).json),
    ).toContain(salesUnit.msn);
  });
});
