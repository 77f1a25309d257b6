import { describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { env, POST, prefill, remove } from './ordering.ts';

describe('F50: a read after a write', () => {
  const LISTS = `{ productOrders(first: 1000) { nodes { productOrderId } }
    merchant(businessIdentifier: {scheme: "SCHEME", value: "ID"}) { productOrders(first: 1000) { nodes { productOrderId } } } }`;
  interface Lists {
    productOrders: { nodes: { productOrderId: string | null }[] };
    merchant: { productOrders: { nodes: { productOrderId: string | null }[] } };
  }

  it('sees the write at once on the gateway that made it, a hundred times out of a hundred', async () => {
    await using gateway = await startTestGateway({ env });
    const { scheme, id } = gateway.sandbox.data.ownMerchant;
    const query = LISTS.replace('SCHEME', scheme).replace('"ID"', `"${id}"`);
    const read = async () => {
      const { data } = await gateway.query<Lists>(query);
      return [data?.productOrders, data?.merchant.productOrders].map(
        (list) => new Set(list?.nodes.map(({ productOrderId }) => productOrderId)),
      );
    };
    let seen = 0;
    for (let round = 0; round < 100; round++) {
      // A read that is under way must not restore the old state.
      const during = read();
      const { data } = await prefill(gateway, { businessIdentifier: { scheme, value: id } });
      const orderId = data?.prefillProductOrder.productOrder?.productOrderId ?? '';
      await during;
      const one = await gateway.query(`{ productOrder(productOrderId: "${orderId}") { status } }`);
      const listed = (await read()).every((ids) => ids.has(orderId));
      await remove(gateway, orderId);
      const gone = await gateway.query(`{ productOrder(productOrderId: "${orderId}") { status } }`);
      const unlisted = (await read()).every((ids) => !ids.has(orderId));
      if (one.data?.['productOrder'] && listed && gone.data?.['productOrder'] === null && unlisted) seen++;
    }
    expect(seen).toBe(100);
  });

  it('sees the write on another gateway once its cache expires', async () => {
    await using writer = await startTestGateway({ env });
    await using reader = await startTestGateway({ env, shared: writer.sandbox });
    const count = async ({ query }: TestGateway) =>
      (await query<{ productOrders: { totalCount: number } }>('{ productOrders { totalCount } }')).data
        ?.productOrders.totalCount ?? 0;
    const [before] = [await count(reader), await count(writer)];
    await prefill(writer);
    // Without invalidation, the writer would see the same old count as the reader.
    expect([await count(writer), await count(reader)]).toEqual([before + 1, before]);
  });
});

describe('a failed write', () => {
  it('invalidates the cached orders', async () => {
    await using gateway = await startTestGateway({ env });
    const count = async () =>
      (await gateway.query<{ productOrders: { totalCount: number } }>('{ productOrders { totalCount } }'))
        .data?.productOrders.totalCount ?? 0;
    const before = await count();
    gateway.sandbox.fault({ route: POST, status: 500, work: true });
    await prefill(gateway, { idempotencyKey: 'k' });
    expect(await count()).toBe(before + 1);
  });
});
