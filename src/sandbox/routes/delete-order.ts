import type { Answer } from '../answer.ts';
import type { OrderBook } from '../order-book.ts';
import type { Policy } from '../policy.ts';
import { problem } from '../problem.ts';
import type { ApiCall, Route } from '../route.ts';
import { findOrder, orderNotFound } from './product-order.ts';

export function createDeleteOrderRoute(book: OrderBook, policy: Policy): Route {
  return {
    kind: 'api',
    method: 'DELETE',
    template: '/management/v1/product-orders/{productOrderId}',
    handle(call: ApiCall): Answer {
      const order = findOrder(book, call);
      if (order?.id === undefined) return orderNotFound();
      // Prefilled orders only, and only until they are submitted (source: the API's guide).
      if (order.type !== 'PREFILL') {
        return problem(policy.lateDeleteStatus, `A ${order.type} order cannot be deleted.`);
      }
      if (order.status !== 'RECEIVED' && order.status !== 'MERCHANT_VIEWED') {
        return problem(policy.lateDeleteStatus, `An order that is ${order.status} cannot be deleted.`);
      }
      if (policy.deletedOrdersDisappear) book.remove(order.id);
      else book.update(order.id, { status: 'EXPIRED' });
      // 200 and not 204, although nothing follows (source: document 2.0.9).
      return { status: 200, contentType: '', body: '' };
    },
  };
}
