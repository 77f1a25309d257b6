import { afterAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { control, send, signIn } from '../client.ts';
import { deleteOrder, details, listed, order, smallest } from '../ordering.ts';
import { startLifecycle, UNITS } from './start-lifecycle.ts';

const { onExchange, close } = await startLifecycle();
afterAll(async () => expect(await close()).toEqual([]));

const FORTNIGHT_MS = 14 * 86_400_000;

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
    }
    expect((await details(own, auth, submitted)).json.status).toBe('ORDER_SUBMITTED');
    expect((await details(own, auth, late)).json.status).toBe('RECEIVED');
    expect((await deleteOrder(own, auth, opened)).status).toBe(200);
    const reply = await control(own, 'POST', `orders/${plain}`, { status: 'COMPLETED' });
    expect(reply).toMatchObject({ status: 409, json: { message: expect.stringContaining('EXPIRED') } });
  });
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
