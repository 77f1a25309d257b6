import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { ApiHeaders } from '../client.ts';
import { control, send, signIn } from '../client.ts';
import { details, order } from '../ordering.ts';

const LIST = '/management/v1/sales-units';
const reset = (sandbox: Sandbox, body?: object) => control(sandbox, 'POST', 'state/reset', body);

/** Everything that the API shows to these keys. */
async function readAll(sandbox: Sandbox, headers: ApiHeaders): Promise<unknown[]> {
  const get = async (path: string) => (await send(sandbox, 'GET', path, { headers })).json;
  const units = await get(LIST);
  const packages = await get('/management/v1/partners/price-packages');
  // Merchants are refused, and every refusal has an id of its own.
  const read = [units, Array.isArray(packages) ? packages : packages.status];
  for (const { msn } of units) {
    const unit = await get(`${LIST}/${msn}`);
    const { scheme, id } = unit.businessIdentifier;
    const merchant = `/management/v1/merchants/${scheme}/${id}`;
    read.push(unit, await get(merchant), await get(`${merchant}/sales-units`));
  }
  for (const row of await get('/management/v2/product-orders?includeExpired=true')) {
    // The URL holds the port, which another sandbox has too.
    read.push({ ...row, productOrderUrl: undefined });
  }
  return read;
}

describe('data made anew', () => {
  it.each([
    [{ seed: 7 }, { seed: 7, units: 30 }],
    [{ units: 12 }, { seed: 1, units: 12 }],
    [
      { seed: 7, units: 90 },
      { seed: 7, units: 90 },
    ],
  ])('is that of a sandbox started so, for the partner and for merchants: %j', async (body, same) => {
    await using sandbox = await startSandbox({ units: 30, latencyMs: 0 });
    await using other = await startSandbox({ ...same, latencyMs: 0 });
    const { partner, merchant, otherMerchant } = sandbox.callers;
    const signed = await Promise.all([partner, merchant, otherMerchant].map((keys) => signIn(sandbox, keys)));
    const before = await Promise.all(signed.map((headers) => readAll(sandbox, headers)));
    expect((await reset(sandbox, body)).status).toBe(204);

    // With the tokens from before: clients stay signed in.
    const read = await Promise.all(signed.map((headers) => readAll(sandbox, headers)));
    const there = [other.callers.partner, other.callers.merchant, other.callers.otherMerchant];
    const wanted = await Promise.all(there.map(async (keys) => readAll(other, await signIn(other, keys))));
    expect(read).toEqual(wanted);
    expect(read).not.toEqual(before);
    expect(sandbox.data.msns).toEqual(other.data.msns);
    expect(sandbox.data.merchants).toEqual(other.data.merchants);
    expect(sandbox.data.hidden).toEqual(other.data.hidden);
    expect(sandbox.data.ownMerchant).toEqual(other.data.ownMerchant);
    expect(sandbox.data.pricePackages).toEqual(other.data.pricePackages);
  });

  it('forgets orders, their units and what was deactivated, and still takes orders', async () => {
    await using sandbox = await startSandbox({ units: 30, latencyMs: 0 });
    const headers = await signIn(sandbox);
    const made = (await order(sandbox, headers)).json.prefilledOrderId;
    await control(sandbox, 'POST', `orders/${made}`, { status: 'COMPLETED' });
    await control(sandbox, 'POST', `sales-units/${sandbox.data.msns[0]}/deactivate`);
    expect((await control(sandbox, 'GET', 'state')).json.counts.salesUnits).toBe(30 + 12 + 1);

    await reset(sandbox, { units: 40 });
    expect((await details(sandbox, headers, made)).status).toBe(404);
    expect((await send(sandbox, 'GET', LIST, { headers })).json).toHaveLength(40);
    const again = (await order(sandbox, headers)).json.prefilledOrderId;
    const moved = await control(sandbox, 'POST', `orders/${again}`, { status: 'COMPLETED' });
    const { msn } = moved.json.salesUnit;
    expect((await send(sandbox, 'GET', `${LIST}/${msn}`, { headers })).json.msn).toBe(msn);
    expect((await send(sandbox, 'GET', LIST, { headers })).json).toHaveLength(41);
  });

  it.each([{ seed: 7 }, { units: 12 }, undefined])(
    'gives new orders the ids, and shuffled lists the order, of a sandbox started so: %j',
    async (body) => {
      const options = { seed: 1, units: 30, latencyMs: 0, policy: { listOrder: 'shuffled' } } as const;
      await using sandbox = await startSandbox(options);
      await using other = await startSandbox({ ...options, ...body });
      const run = async (target: Sandbox) => {
        const headers = await signIn(target);
        const ids = [await order(target, headers), await order(target, headers)];
        const orders = await send(target, 'GET', '/management/v2/product-orders', { headers });
        const units = await send(target, 'GET', LIST, { headers });
        const idOf = ({ productOrderId }: { productOrderId: string }) => productOrderId;
        return [ids.map(({ json }) => json.prefilledOrderId), orders.json.map(idOf), units.json];
      };
      await run(sandbox);
      await reset(sandbox, body);
      expect(await run(sandbox)).toEqual(await run(other));
    },
  );

  it('stays what it is after a reset without a body', async () => {
    await using sandbox = await startSandbox({ units: 30, latencyMs: 0 });
    await reset(sandbox, { seed: 7, units: 12 });
    const { msns } = sandbox.data;
    await reset(sandbox);
    expect(sandbox.data.msns).toEqual(msns);
  });

  it('can be as large as at the start', async () => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const headers = await signIn(sandbox);
    await reset(sandbox, { units: 100_000 });
    expect((await send(sandbox, 'GET', LIST, { headers })).json).toHaveLength(100_000);
    await reset(sandbox, { units: 1 });
    expect((await send(sandbox, 'GET', LIST, { headers })).json).toHaveLength(1);
  });

  it.each([
    [{ units: 0 }, '"units" must be a whole number from 1 to 100000.'],
    [{ units: 100_001 }, '"units" must be a whole number from 1 to 100000.'],
    [{ units: '5' }, '"units" must be a whole number from 1 to 100000.'],
    [{ seed: 1.5 }, '"seed" must be a whole number from 0 to 4294967295.'],
    [{ seed: -1 }, '"seed" must be a whole number from 0 to 4294967295.'],
    [{ seed: 2 ** 32 }, '"seed" must be a whole number from 0 to 4294967295.'],
    [{ seed: '7' }, '"seed" must be a whole number from 0 to 4294967295.'],
    [{ size: 5 }, 'The body has an unknown property "size". Known properties: seed, units.'],
  ])('is not made from %j', async (body, message) => {
    await using sandbox = await startSandbox({ units: 10, latencyMs: 0 });
    const { msns } = sandbox.data;
    expect(await reset(sandbox, body)).toMatchObject({ status: 400, json: { message } });
    expect(sandbox.data.msns).toEqual(msns);
  });
});

it('tells what the data is made from, what time it is, and how much there is', async () => {
  await using sandbox = await startSandbox({ units: 30, latencyMs: 0 });
  sandbox.clock.advance(3_600_000);
  await signIn(sandbox);
  sandbox.fault({ status: 500 });
  const { json } = await control(sandbox, 'GET', 'state');
  expect(json).toEqual({
    seed: 1,
    units: 30,
    now: expect.any(String),
    aheadMs: 3_600_000,
    // A handful of units, merchants and orders are there for others, or for nobody.
    counts: { salesUnits: 42, merchants: 10, productOrders: 29, tokens: 1, faults: 1 },
  });
  expect(Date.parse(json.now)).toBeGreaterThan(Date.now() + 3_500_000);
});
