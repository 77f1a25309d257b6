import type { Answer, TestGateway } from '../../support/gateway.ts';

export const POST = 'POST /management/v1/product-orders';
export const LIST = 'GET /management/v1/sales-units';
export const TOKEN = 'POST /accesstoken/get';
export const DELETE = 'DELETE /management/v1/product-orders/{productOrderId}';

/** Short attempts and a generous deadline, so that three attempts fit. */
export const env = { UPSTREAM_TIMEOUT_MS: '400', REQUEST_DEADLINE_MS: '10000', CACHE: 'on' };

/** The smallest valid input. */
export const smallest = {
  businessIdentifier: { scheme: 'business:NO:ORG', value: '123456785' },
  productType: 'LOGIN',
};

const PAYLOAD = `productOrder { productOrderId status type url businessIdentifier { value } }
  prefillUrl expiresAt idempotencyKey replayed userErrors { code field message }`;

export const PREFILL = `mutation Prefill($input: PrefillProductOrderInput!) {
  prefillProductOrder(input: $input) { ${PAYLOAD} } }`;
export const PREFILL_MANY = `mutation PrefillMany($inputs: [PrefillProductOrderInput!]!) {
  prefillProductOrders(inputs: $inputs) { results { ${PAYLOAD} } userErrors { code message field } } }`;
const REMOVE = `mutation Delete($input: DeleteProductOrderInput!) {
  deleteProductOrder(input: $input) { deletedProductOrderId productOrderId userErrors { code field message } } }`;

/** The payload that the mutations above select. */
export interface Payload {
  readonly productOrder: { readonly productOrderId: string; readonly status: string } | null;
  readonly prefillUrl: string | null;
  readonly expiresAt: string | null;
  readonly idempotencyKey: string | null;
  readonly replayed: boolean;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}

type Prefilled = Answer<{ prefillProductOrder: Payload }>;

/** Sends the smallest valid order with `changes`. */
export function prefill({ query }: TestGateway, changes: object = {}): Promise<Prefilled> {
  return query(PREFILL, { input: { ...smallest, ...changes } });
}

export function remove({ query }: TestGateway, productOrderId: string) {
  return query<{
    deleteProductOrder: {
      deletedProductOrderId: string | null;
      productOrderId: string | null;
      userErrors: { code: string; field: string[] }[];
    };
  }>(REMOVE, { input: { productOrderId } });
}

/** Returns the code and the idempotency key of each error. */
export const failureOf = ({ errors }: Answer<unknown>) =>
  errors?.map(({ extensions }) => [extensions.code, extensions.idempotencyKey]);

/** Returns the link of the order in an answer. */
export const linkOf = ({ data }: Prefilled) => data?.prefillProductOrder.prefillUrl;

/** Returns how many orders exist upstream. */
export const orderCount = ({ sandbox }: TestGateway) => sandbox.data.orders.length;

/** Returns how many calls of `route` reached the upstream. */
export const callCount = ({ sandbox }: TestGateway, route = POST) => sandbox.stats().calls[route] ?? 0;

/** Runs `run` `count` times in parallel. */
export const times = <T>(count: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));
