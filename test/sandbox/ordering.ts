import type { Sandbox } from '../../src/sandbox/server.ts';
import type { ApiHeaders, Reply } from './client.ts';
import { send } from './client.ts';

const PATH = '/management/v1/product-orders';

/** The least that an order may say. */
export const smallest = {
  businessIdentifier: { scheme: 'business:NO:ORG', id: '923609016' },
  productType: 'PAYMENT_INTEGRATION',
};

/** Sends an order; text goes as it is, anything else as JSON. */
export function order(
  sandbox: Sandbox,
  headers: ApiHeaders,
  body: unknown = smallest,
  key: string | undefined = crypto.randomUUID(),
): Promise<Reply> {
  return send(sandbox, 'POST', PATH, {
    headers: { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export function deleteOrder(sandbox: Sandbox, headers: ApiHeaders, id: string): Promise<Reply> {
  return send(sandbox, 'DELETE', `${PATH}/${id}`, { headers });
}

export function details(sandbox: Sandbox, headers: ApiHeaders, id: string): Promise<Reply> {
  return send(sandbox, 'GET', `/management/v2/product-orders/${id}/details`, { headers });
}

/** The caller's orders with this id. */
export async function listed(sandbox: Sandbox, headers: ApiHeaders, id: string, query = '') {
  const { json } = await send(sandbox, 'GET', `/management/v2/product-orders${query}`, { headers });
  return json.filter(({ productOrderId }: { productOrderId?: string }) => productOrderId === id);
}
