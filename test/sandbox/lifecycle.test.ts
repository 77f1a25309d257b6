import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/sandbox/http/exchange.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { createContractCheck } from '../support/contract.ts';
import type { ApiHeaders } from './client.ts';
import { control, send, signIn } from './client.ts';
import { deleteOrder, details, listed, order, smallest } from './ordering.ts';

const UNITS = '/management/v1/sales-units';
const FORTNIGHT_MS = 14 * 86_400_000;
const exchanges: Exchange[] = [];
const onExchange = (exchange: Exchange) => exchanges.push(exchange);
let sandbox: Sandbox;
let headers: ApiHeaders;

beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0, onExchange });
  headers = await signIn(sandbox);
});
afterAll(async () => {
  await sandbox.close();
  const check = await createContractCheck();
  expect(exchanges.flatMap(check)).toEqual([]);
});

const get = async (path: string, own = headers) => send(sandbox, 'GET', path, { headers: own });
const place = async (body: object = smallest): Promise<string> =>
  (await order(sandbox, headers, body)).json.prefilledOrderId;
const move = (id: string, status: unknown) => control(sandbox, 'POST', `orders/${id}`, { status });
const statusOf = async (id: string) => (await details(sandbox, headers, id)).json.status;
const msnsOf = (list: { msn: string }[]) => list.map(({ msn }) => msn);

describe('the clock', () => {
  it('lets a prefilled order expire 14 days after it was made, unless it was submitted', async () => {
    await using own = await startSandbox({ latencyMs: 0, tokenLifetimeSeconds: 1e9, onExchange });
    const auth = await signIn(own);
    const make = async () => (await order(own, auth)).json.prefilledOrderId;
    const [plain, opened, submitted] = [await make(), await make(), await make()];
    await control(own, 'POST', `orders/${opened}`, { status: 'MERCHANT_VIEWED' });
    await control(own, 'POST', `orders/${submitted}`, { status: 'ORDER_SUBMITTED' });
    own.clock.advance(FORTNIGHT_MS - 60_000);
    const late = await make();
    expect((await details(own, auth, plain)).json.status).toBe('RECEIVED');
    own.clock.advance(60_000);
    for (const id of [plain, opened]) {
      expect((await details(own, auth, id)).json.status).toBe('EXPIRED');
      expect(await listed(own, auth, id)).toEqual([]);
      expect(await listed(own, auth, id, '?includeExpired=true')).toMatchObject([{ status: 'EXPIRED' }]);
      expect((await deleteOrder(own, auth, id)).status).toBe(400);
    }
    expect((await details(own, auth, submitted)).json.status).toBe('ORDER_SUBMITTED');
    expect((await details(own, auth, late)).json.status).toBe('RECEIVED');
    const reply = await control(own, 'POST', `orders/${plain}`, { status: 'COMPLETED' });
    expect(reply).toMatchObject({ status: 409, json: { message: expect.stringContaining('EXPIRED') } });
  });
});

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
      expect([answered, json.message]).toEqual([409, `An order that is ${end} cannot become ${status}.`]);
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
      'A TEMPLATE order is never ORDER_SUBMITTED.',
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

describe('what happened', () => {
  it('outlives a reset, and is forgotten when the state is reset', async () => {
    await using own = await startSandbox({ latencyMs: 0, onExchange });
    const auth = await signIn(own);
    const read = async () => {
      const list = await send(own, 'GET', UNITS, { headers: auth });
      const orders = await send(own, 'GET', '/management/v2/product-orders', { headers: auth });
      return [list.json, orders.json];
    };
    const atFirst = await read();
    const first = (await order(own, auth, smallest, 'key')).json.prefilledOrderId;
    await control(own, 'POST', `orders/${first}`, { status: 'COMPLETED' });
    await control(own, 'POST', `sales-units/${own.data.msns[0]}/deactivate`);
    const changed = await read();
    expect(changed).not.toEqual(atFirst);
    await control(own, 'POST', 'reset');
    expect(await read()).toEqual(changed);
    expect((await control(own, 'POST', 'state/reset')).status).toBe(204);
    expect(await read()).toEqual(atFirst);
    const again = await order(own, auth, { ...smallest, productType: 'LOGIN' }, 'key');
    expect(again.status).toBe(201);
    // A new order with the first id: not the answer that was remembered for the key.
    expect(again.json.prefilledOrderId).toBe(first);
    expect((await details(own, auth, first)).json).toMatchObject({
      productType: 'LOGIN',
      status: 'RECEIVED',
    });
  });
});

it('has no units instead of a 404 for a merchant that the caller does not see, when the policy says so', async () => {
  await using own = await startSandbox({
    latencyMs: 0,
    policy: { unknownMerchantUnits: 'emptyList' },
    onExchange,
  });
  const auth = await signIn(own);
  const { scheme, id } = own.data.hidden.merchantOfOtherPartner;
  const path = `/management/v1/merchants/${scheme}/${id}`;
  expect(await send(own, 'GET', `${path}/sales-units`, { headers: auth })).toMatchObject({
    status: 200,
    json: [],
  });
  expect((await send(own, 'GET', path, { headers: auth })).status).toBe(404);
});
