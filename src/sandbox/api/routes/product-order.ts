import type { Answer } from '../../answers/answer.ts';
import { ok } from '../../answers/answer.ts';
import type { Problems } from '../../answers/problem.ts';
import type { ProductOrder } from '../../data/product-order.ts';
import type { Caller } from '../../world/caller.ts';
import type { OrderBook } from '../../world/order-book.ts';
import type { ApiCall, Route } from '../route.ts';
import type { RowOrder } from '../row-order.ts';
import { findOrder, mayNotSeeOrders, orderNotFound, visibleOrders } from './find-order.ts';
import type { OrderBodyParts } from './order-body.ts';
import { toOrderBody, toOrderBodyV1 } from './order-body.ts';

interface ProductOrderParts extends OrderBodyParts {
  book: OrderBook;
  problems: Problems;
  rowOrder: RowOrder;
}

type Prefilled = ProductOrder & { id: string };

export function createProductOrderRoutes(parts: ProductOrderParts): Route[] {
  const { policy, problems, rowOrder } = parts;
  const forbidden = () => problems.problem(403, 'Only partners can read product orders.');

  const list = (isShown: (order: ProductOrder) => boolean, toBody: ToBody) => (call: ApiCall) => {
    const includeExpired = new URLSearchParams(call.query).get('includeExpired') ?? 'false';
    const isHonoured = policy.includeExpired === 'honoured';
    if (isHonoured && includeExpired !== 'true' && includeExpired !== 'false') {
      return problems.invalidField('includeExpired', 'must be true or false.');
    }
    if (mayNotSeeOrders(policy, call)) return forbidden();
    const showsExpired = isHonoured && includeExpired === 'true';
    const shown = visibleOrders(parts, call.caller).filter(
      (order) =>
        (showsExpired || order.status !== 'EXPIRED') &&
        (showsExpired || policy.rejectedInDefaultList || order.status !== 'REJECTED') &&
        isShown(order),
    );
    return ok(rowOrder.arrange(shown).map((order) => toBody(call.caller, order)));
  };
  const details =
    (isShown: (order: ProductOrder) => boolean, toBody: ToBody) =>
    (call: ApiCall): Answer => {
      if (mayNotSeeOrders(policy, call)) return forbidden();
      const order = findOrder(parts, call);
      return order && isShown(order) ? ok(toBody(call.caller, order)) : orderNotFound(problems);
    };

  const everyOrder = () => true;
  const isPrefilled = (order: ProductOrder) => order.type === 'PREFILL' && order.id !== undefined;
  type ToBody = (caller: Caller, order: ProductOrder) => object;
  const v2: ToBody = (caller, order) => toOrderBody(parts, caller, order);
  const v1: ToBody = (caller, order) => toOrderBodyV1(parts, caller, order as Prefilled);
  // Version 1 knew prefilled orders only (source: the API's guide).
  const isServed = () => policy.v1OrderReads === 'available';
  const base = { kind: 'api', method: 'GET' } as const;

  return [
    { ...base, template: '/management/v2/product-orders', handle: list(everyOrder, v2) },
    {
      ...base,
      template: '/management/v2/product-orders/{productOrderId}/details',
      handle: details(everyOrder, v2),
    },
    { ...base, template: '/management/v1/product-orders', isServed, handle: list(isPrefilled, v1) },
    {
      ...base,
      template: '/management/v1/product-orders/{productOrderId}/details',
      isServed,
      handle: details(isPrefilled, v1),
    },
  ];
}
