import type { Answer } from '../answer.ts';
import { JSON_UTF8, ok } from '../answer.ts';
import type { Caller } from '../callers.ts';
import type { ProductOrder } from '../data/product-order.ts';
import type { World } from '../data.ts';
import type { Policy } from '../policy.ts';
import { invalidField, problem } from '../problem.ts';
import type { ApiCall, Route } from '../route.ts';
import { summarize } from './sales-unit.ts';

const PORTAL = 'https://portal.vippsmobilepay.com/register/prefilled';

export function createProductOrderRoutes(world: World, policy: Policy): Route[] {
  const list = (call: ApiCall): Answer => {
    const includeExpired = new URLSearchParams(call.query).get('includeExpired') ?? 'false';
    if (includeExpired !== 'true' && includeExpired !== 'false') {
      return invalidField('includeExpired', 'must be true or false.');
    }
    const shown = world.orders.filter(
      (order) => isNamedBy(order, call.caller) && (order.status !== 'EXPIRED' || includeExpired === 'true'),
    );
    return ok(shown.map((order) => toBody(world, policy, order)));
  };

  const byId = new Map(world.orders.flatMap((order) => (order.id ? [[order.id, order] as const] : [])));
  const details = (call: ApiCall): Answer => {
    const order = byId.get(call.param('productOrderId').toLowerCase());
    return order && isNamedBy(order, call.caller)
      ? ok(toBody(world, policy, order))
      : problem(404, 'The product order was not found.', { contentType: JSON_UTF8 });
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

// A merchant's keys on these routes are not documented: here they see no order, since orders name partners.
function isNamedBy(order: ProductOrder, caller: Caller): boolean {
  return caller.kind === 'partner' && order.partner === caller.partner;
}

function toBody(world: World, policy: Policy, order: ProductOrder): object {
  return {
    productOrderType: order.type,
    ...(order.id !== undefined && { productOrderId: order.id }),
    ...(order.productType !== undefined && { productType: order.productType }),
    status: order.status,
    businessIdentifier: order.businessIdentifier,
    ...(order.type === 'PREFILL' && { productOrderUrl: `${PORTAL}/${order.id}` }),
    // Prefilled orders say null until they have led to a unit; the others have fewer fields and leave it out.
    ...(order.unit === undefined
      ? order.type === 'PREFILL' && { salesUnit: null }
      : { salesUnit: summarize(world, policy, order.unit) }),
  };
}
