import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createContractCheck } from '../../support/contract.ts';
import type { ApiHeaders } from '../client.ts';
import { signIn } from '../client.ts';
import { deleteOrder, details, listed, order } from '../ordering.ts';

const exchanges: Exchange[] = [];
let sandbox: Sandbox;
let headers: ApiHeaders;

beforeAll(async () => {
  sandbox = await startSandbox({ latencyMs: 0, onExchange: (exchange) => exchanges.push(exchange) });
  headers = await signIn(sandbox);
});
afterAll(async () => {
  await sandbox.close();
  const check = await createContractCheck();
  expect(exchanges.flatMap(check)).toEqual([]);
});

const find = (type: string, status: string) =>
  sandbox.data.orders.find((kept) => kept.type === type && kept.status === status && kept.id)?.id ?? '';

describe('deleting a product order', () => {
  it('is answered by 200 without a body, and the order is gone', async () => {
    const id = (await order(sandbox, headers)).json.prefilledOrderId;
    const { status, contentType, json } = await deleteOrder(sandbox, headers, id.toUpperCase());
    expect([status, contentType, json]).toEqual([200, null, undefined]);
    expect(exchanges.at(-1)?.responseHeaders).toEqual({ 'content-length': '0' });
    expect(await listed(sandbox, headers, id, '?includeExpired=true')).toEqual([]);
    expect((await details(sandbox, headers, id)).status).toBe(404);
    expect((await deleteOrder(sandbox, headers, id)).status).toBe(404);
  });

  it.each(['MERCHANT_VIEWED', 'EXPIRED'])(
    'works for one that is %s: it has not been submitted',
    async (status) => {
      const id = find('PREFILL', status);
      expect((await deleteOrder(sandbox, headers, id)).status).toBe(200);
      expect((await details(sandbox, headers, id)).status).toBe(404);
    },
  );

  it.each([
    ['PREFILL', 'ORDER_SUBMITTED'],
    ['PREFILL', 'COMPLETED'],
    ['PREFILL', 'REJECTED'],
    ['TEMPLATE', 'RECEIVED'],
    ['MANUAL', 'RECEIVED'],
  ])('is refused for a %s that is %s, and the order stays', async (type, status) => {
    const id = find(type, status);
    const reply = await deleteOrder(sandbox, headers, id);
    expect([reply.status, reply.contentType]).toEqual([400, 'application/problem+json']);
    expect((await details(sandbox, headers, id)).json.status).toBe(status);
  });

  it('does not find an order of nobody, of another partner, or for a merchant', async () => {
    const id = (await order(sandbox, headers)).json.prefilledOrderId;
    const merchant = await signIn(sandbox, sandbox.callers.merchant);
    for (const [own, target] of [
      [headers, crypto.randomUUID()],
      [headers, sandbox.data.hidden.orderIdOfOtherPartner],
      [merchant, id],
    ] as const) {
      const { status, contentType } = await deleteOrder(sandbox, own, target);
      expect([status, contentType]).toEqual([404, 'application/json;charset=UTF-8']);
    }
    expect((await details(sandbox, headers, id)).status).toBe(200);
  });

  it('follows the policy: another status when late, and orders that stay as expired', async () => {
    const policy = { lateDeleteStatus: 409, deletedOrdersDisappear: false } as const;
    await using other = await startSandbox({ latencyMs: 0, policy });
    const own = await signIn(other);
    const id = (await order(other, own)).json.prefilledOrderId;
    expect((await deleteOrder(other, own, id)).status).toBe(200);
    expect(await listed(other, own, id)).toEqual([]);
    expect((await details(other, own, id)).json.status).toBe('EXPIRED');
    other.setPolicy({ expiredOrderDeletion: 'refused' });
    expect((await deleteOrder(other, own, id)).status).toBe(409);
  });
});
