import type { Answer, TestGateway } from '../../support/gateway.ts';

export const POST = 'POST /management/v1/product-orders';
export const DELETE = 'DELETE /management/v1/product-orders/{productOrderId}';

/** The least that an order may say. */
export const smallest = {
  businessIdentifier: { scheme: 'business:NO:ORG', id: '123456785' },
  productType: 'LOGIN',
};

const PAYLOAD = `productOrder { productOrderId status type url businessIdentifier { id } }
  prefillUrl expiresAt idempotencyKey replayed userErrors { code field message }`;

export const PREFILL = `mutation Prefill($input: PrefillProductOrderInput!) {
  prefillProductOrder(input: $input) { ${PAYLOAD} } }`;
export const PREFILL_MANY = `mutation PrefillMany($inputs: [PrefillProductOrderInput!]!) {
  prefillProductOrders(inputs: $inputs) { results { ${PAYLOAD} } userErrors { code message field } } }`;
const REMOVE = `mutation Delete($input: DeleteProductOrderInput!) {
  deleteProductOrder(input: $input) { deletedProductOrderId userErrors { code field message } } }`;

/** A payload as the queries above ask for it. */
export interface Payload {
  readonly productOrder: { readonly productOrderId: string; readonly status: string } | null;
  readonly prefillUrl: string | null;
  readonly expiresAt: string | null;
  readonly idempotencyKey: string | null;
  readonly replayed: boolean;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}

type Prefilled = Answer<{ prefillProductOrder: Payload }>;

/** Orders the least, with these changes. */
export function prefill({ query }: TestGateway, changes: object = {}): Promise<Prefilled> {
  return query(PREFILL, { input: { ...smallest, ...changes } });
}

export function remove({ query }: TestGateway, productOrderId: string) {
  return query<{
    deleteProductOrder: {
      deletedProductOrderId: string | null;
      userErrors: { code: string; field: string[] }[];
    };
  }>(REMOVE, { input: { productOrderId } });
}

/** The code of the only error, and the key it tells. */
export const failureOf = ({ errors }: Answer<unknown>) =>
  errors?.map(({ extensions }) => [extensions.code, extensions.idempotencyKey]);
