import { afterAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { signIn } from '../client.ts';
import { details, order } from '../ordering.ts';
import { rowsOf, visit } from '../page-client.ts';
import { startHome, UI } from './start-home.ts';

const { sandbox, headers, place, press } = await startHome();
afterAll(() => sandbox.close());

describe('the orders', () => {
  it('have a button for each legal move and no other', async () => {
    const id = await place();
    const buttons = async (of = id) => {
      const row = rowsOf((await visit(sandbox, `${UI}/orders`)).body).find((one) => one.includes(of)) ?? '';
      return [...row.matchAll(/>(Open portal|Submit|Complete|Reject)</g)].map(([, name]) => name);
    };
    expect(await buttons()).toEqual(['Open portal', 'Submit', 'Complete', 'Reject']);
    expect((await press(`orders/${id}`, { status: 'ORDER_SUBMITTED' })).text).toBe(
      `Order ${id} is now submitted.`,
    );
    expect(await buttons()).toEqual(['Open portal', 'Complete', 'Reject']);
    await press(`orders/${id}`, { status: 'REJECTED' });
    expect((await details(sandbox, headers, id)).json.status).toBe('REJECTED');
    expect(await buttons()).toEqual(['Open portal']);
    expect(await press(`orders/${id}`, { status: 'COMPLETED' })).toMatchObject({
      failed: true,
      text: 'The order is rejected, so its status was not changed.',
    });
    expect(await press('orders/x', { status: 'COMPLETED' })).toMatchObject({ failed: true });
    const template = sandbox.data.orders.find(
      ({ type, status, id: own }) => type === 'TEMPLATE' && status === 'RECEIVED' && own,
    );
    expect(await buttons(template?.id)).toEqual(['Complete', 'Reject']);
    expect(await press(`orders/${template?.id}`, { status: 'ORDER_SUBMITTED' })).toMatchObject({
      failed: true,
    });
  });

  it('tell when they expire, as long as they can', async () => {
    const before = Math.floor(sandbox.clock.now() / 60_000) * 60_000;
    const id = await place();
    const told = async () => {
      const row = rowsOf((await visit(sandbox, `${UI}/orders`)).body).find((one) => one.includes(id)) ?? '';
      const [, at] = /expires <span class="when">([0-9-]+ [0-9:]+) UTC</.exec(row) ?? [];
      return at && Date.parse(`${at.replace(' ', 'T')}Z`) - 14 * 86_400_000;
    };
    expect(await told()).toBeGreaterThanOrEqual(before);
    expect(await told()).toBeLessThanOrEqual(sandbox.clock.now());
    await press(`orders/${id}`, { status: 'ORDER_SUBMITTED' });
    expect(await told()).toBeUndefined();
  });

  it('come in pages, newest first', async () => {
    await using own = await startSandbox({ latencyMs: 0 });
    const auth = await signIn(own);
    const made: string[] = [];
    for (let count = 0; count < 60; count++) made.unshift((await order(own, auth)).json.prefilledOrderId);
    const idsOn = async (page: number) =>
      rowsOf((await visit(own, `${UI}/orders?page=${page}`)).body).map(
        (row) => /[0-9a-f-]{36}/.exec(row)?.[0],
      );
    expect(await idsOn(1)).toEqual(made.slice(0, 50));
    expect((await idsOn(2)).slice(0, 10)).toEqual(made.slice(50));
  });
});
