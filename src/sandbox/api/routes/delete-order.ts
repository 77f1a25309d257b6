import type { Answer } from '../../answers/answer.ts';
import type { Problems } from '../../answers/problem.ts';
import { isOpen, type ProductOrder } from '../../data/product-order.ts';
import type { Policy } from '../../policy/policy.ts';
import type { OrderBook } from '../../world/order-book.ts';
import type { World } from '../../world/world.ts';
import type { ApiCall, Route } from '../route.ts';
import { findOrder, mayNotSeeOrders, orderNotFound } from './find-order.ts';

interface DeleteOrderParts {
  world: World;
  book: OrderBook;
  policy: Policy;
  problems: Problems;
}

export function createDeleteOrderRoute(parts: DeleteOrderParts): Route {
  const { book, policy, problems } = parts;
  const tooLate = (detail: string): Answer => {
    const status = policy.lateDeleteStatus;
    return status === 404 ? orderNotFound(problems) : problems.problem(status, detail);
  };

  return {
    kind: 'api',
    method: 'DELETE',
    template: '/management/v1/product-orders/{productOrderId}',
    handle(call: ApiCall): Answer {
      if (mayNotSeeOrders(policy, call))
        return problems.problem(403, 'Only partners can read product orders.');
      const order = findOrder(parts, call);
      if (order?.id === undefined) return orderNotFound(problems);
      if (call.caller.kind === 'merchant')
        return problems.problem(403, 'Only the partner of an order can delete it.');
      // Prefilled orders only, and only until they are submitted (source: the API's guide).
      if (order.type !== 'PREFILL') {
        return tooLate(`An order of type ${order.type} cannot be deleted.`);
      }
      if (!isDeletable(order, policy)) {
        return tooLate(`An order with status ${order.status} cannot be deleted.`);
      }
      if (policy.deletedOrdersDisappear) book.remove(order.id);
      else book.update(order.id, { status: 'EXPIRED' });
      // 200 and not 204, although nothing follows (source: document 2.0.9).
      return { status: 200, contentType: '', body: '' };
    },
  };
}

const isDeletable = (order: ProductOrder, { expiredOrderDeletion }: Policy): boolean =>
  order.status === 'EXPIRED' ? expiredOrderDeletion === 'allowed' : isOpen(order);
