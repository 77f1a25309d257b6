import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { callCount, DELETE, env, failureOf, orderCount, prefill, remove, times } from './ordering.ts';

// No attempt times out here, however busy the machine is: the counts of calls are exact.
const patient = { ...env, UPSTREAM_TIMEOUT_MS: '5000' };

describe('F49: a deletion', () => {
  async function deleteHundred(gateway: TestGateway) {
    const orders = await times(100, () => prefill(gateway));
    const ids = orders.map(({ data }) => data?.prefillProductOrder.productOrder?.productOrderId ?? '');
    for (const id of ids)
      gateway.sandbox.fault({
        route: DELETE,
        path: `/management/v1/product-orders/${id}`,
        reset: 'beforeHeaders',
        times: 1,
      });
    const answers = await times(100, (index) => remove(gateway, ids[index] ?? ''));
    return answers.filter(({ data }, index) => data?.deleteProductOrder.productOrderId === ids[index]);
  }

  it('succeeds when it was carried out and the response was lost', async () => {
    await using gateway = await startTestGateway({ env: patient });
    const before = orderCount(gateway);
    expect(await deleteHundred(gateway)).toHaveLength(100);
    expect([orderCount(gateway) - before, callCount(gateway, DELETE)]).toEqual([0, 200]);
  });

  it('would end as NOT_FOUND with retries that the gateway does not know of', async () => {
    await using gateway = await startTestGateway({
      env,
      wrapHttp: (http) => ({
        ...http,
        exchange: (request, cancellation) =>
          http.exchange(request, cancellation).catch(() => http.exchange(request, cancellation)),
      }),
    });
    expect(await deleteHundred(gateway)).toHaveLength(0);
  });

  it('reports an order that does not exist', async () => {
    await using gateway = await startTestGateway({ env });
    const { data } = await remove(gateway, randomUUID());
    expect(data?.deleteProductOrder.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it.each([400, 403, 409] as const)('reports that it is too late (%i)', async (lateDeleteStatus) => {
    await using gateway = await startTestGateway({ env, sandbox: { policy: { lateDeleteStatus } } });
    const submitted = gateway.sandbox.data.orders.find(({ status }) => status === 'ORDER_SUBMITTED');
    const { data, errors } = await remove(gateway, submitted?.id ?? '');
    expect([errors, data?.deleteProductOrder.userErrors]).toMatchObject([
      undefined,
      [{ code: 'NOT_DELETABLE', field: ['input', 'productOrderId'] }],
    ]);
  });

  it('reports OUTCOME_UNKNOWN without a response, and can be repeated', async () => {
    await using gateway = await startTestGateway({ env });
    const { data } = await prefill(gateway);
    const id = data?.prefillProductOrder.productOrder?.productOrderId ?? '';
    gateway.sandbox.fault({ route: DELETE, hang: true });
    expect(failureOf(await remove(gateway, id))).toEqual([['OUTCOME_UNKNOWN', undefined]]);
    expect(callCount(gateway, DELETE)).toBe(3);
  });
});
