import type { FieldError } from './field-error.ts';
import type { Answer, Ask } from './gateway.ts';

export interface Order {
  readonly productOrderId: string | null;
  readonly type: string | null;
  readonly status: string | null;
  /** Null without a directory: the Management API returns no times. */
  readonly statusSince: string | null;
  readonly url: string | null;
  readonly businessIdentifier: { readonly scheme: string; readonly value: string } | null;
  /** Null for a business that is not a merchant yet. */
  readonly merchant: { readonly name: string | null } | null;
}

interface Page {
  readonly productOrders: {
    readonly nodes: readonly (Order | null)[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

// The merchant has not submitted these. ORDER_SUBMITTED waits for Vipps MobilePay.
const PAGE = `query Waiting($after: String) {
  productOrders(first: 100, after: $after, filter: { status: [RECEIVED, MERCHANT_VIEWED] }) {
    nodes {
      productOrderId type status statusSince url businessIdentifier { scheme value } merchant { name }
    }
    pageInfo { endCursor hasNextPage }
  }
}`;

/** Reads all orders that wait for their merchant, and what failed of them. */
export async function readOrders(ask: Ask): Promise<{ orders: Order[]; errors: FieldError[] }> {
  const orders: Order[] = [];
  const errors: FieldError[] = [];
  for (let after: string | null = null; ; ) {
    const answer: Answer<Page> = await ask<Page>(PAGE, { after });
    const { nodes, pageInfo } = answer.data.productOrders;
    orders.push(...nodes.filter((order) => order !== null));
    errors.push(...answer.errors);
    if (!pageInfo.hasNextPage) return { orders, errors };
    after = pageInfo.endCursor;
  }
}
