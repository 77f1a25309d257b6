import type { Answer } from '../answer.ts';
import { JSON_UTF8, ok } from '../answer.ts';
import type { ProductOrder } from '../data/product-order.ts';
import type { World } from '../data.ts';
import type { OrderBook } from '../order-book.ts';
import type { Policy } from '../policy.ts';
import { invalidField, problem } from '../problem.ts';
import type { ApiCall, Route } from '../route.ts';
import { summarize } from './sales-unit.ts';

interface ProductOrderParts {
  world: World;
  book: OrderBook;
  policy: Policy;
  /** The page where the merchant fills in the order with this id. */
  portalUrl(id: string): string;
}

export function createProductOrderRoutes({ world, book, policy, portalUrl }: ProductOrderParts): Route[] {
  const toBody = (order: ProductOrder): object => ({
    productOrderType: order.type,
    ...(order.id !== undefined && { productOrderId: order.id }),
    ...(order.productType !== undefined && { productType: order.productType }),
    status: order.status,
    businessIdentifier: order.businessIdentifier,
    ...(order.type === 'PREFILL' && { productOrderUrl: portalUrl(order.id ?? '') }),
    // Prefilled orders say null until they have led to a unit; the others have fewer fields and leave it out.
    ...(order.unit === undefined
      ? order.type === 'PREFILL' && { salesUnit: null }
      : { salesUnit: summarize(world, policy, order.unit) }),
  });

  const list = (call: ApiCall): Answer => {
    const includeExpired = new URLSearchParams(call.query).get('includeExpired') ?? 'false';
    if (includeExpired !== 'true' && includeExpired !== 'false') {
      return invalidField('includeExpired', 'must be true or false.');
    }
    // A merchant's keys on these routes are not documented: here they see no order, since orders name partners.
    const orders = call.caller.kind === 'partner' ? book.of(call.caller.partner) : [];
    const shown = orders.filter(({ status }) => status !== 'EXPIRED' || includeExpired === 'true');
    return ok(shown.map(toBody));
  };

  const details = (call: ApiCall): Answer => {
    const order = findOrder(book, call);
    return order ? ok(toBody(order)) : orderNotFound();
  };

  return [
    { kind: 'api', method: 'GET', template: '/management/v2/product-orders', handle: list },
    {
      kind: 'api',
      method: 'GET',
      template: '/management/v2/product-orders/{productOrderId}/details',
      handle: details,
    },
  ];
}

/** The order that the path names, when it names the caller too. */
export function findOrder(book: OrderBook, { caller, param }: ApiCall): ProductOrder | undefined {
  const order = book.find(param('productOrderId'));
  return caller.kind === 'partner' && order?.partner === caller.partner ? order : undefined;
}

/** Declared with the media type of a good answer (source: document 2.0.9). */
export function orderNotFound(): Answer {
  return problem(404, 'The product order was not found.', { contentType: JSON_UTF8 });
}
