import type { Answer } from '../../answers/answer.ts';
import { JSON_UTF8 } from '../../answers/answer.ts';
import type { Problems } from '../../answers/problem.ts';
import type { ProductOrder } from '../../data/product-order.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Caller } from '../../world/caller.ts';
import type { OrderBook } from '../../world/order-book.ts';
import type { World } from '../../world/world.ts';
import type { ApiCall } from '../route.ts';

interface OrderSource {
  world: World;
  book: OrderBook;
  policy: Policy;
}

/** True when the caller is to be refused before any order is looked for. */
export function mayNotSeeOrders(policy: Policy, { caller }: ApiCall): boolean {
  return caller.kind === 'merchant' && policy.merchantOrderReads === 'forbidden';
}

/** The order that the path names, when the caller sees it. */
export function findOrder(source: OrderSource, { caller, param }: ApiCall): ProductOrder | undefined {
  const order = source.book.find(param('productOrderId'));
  return order && seesOrder(source, caller, order) ? order : undefined;
}

/** All orders that the caller sees, oldest first. */
export function visibleOrders(source: OrderSource, caller: Caller): ProductOrder[] {
  const { book, world, policy } = source;
  if (caller.kind === 'partner') return book.of(caller.partner);
  return policy.merchantOrderReads === 'seesOwn' ? book.ofBusiness(world.identifier(caller.merchant)) : [];
}

/** Declared with the media type of a good answer (source: document 2.0.9). */
export function orderNotFound({ problem }: Problems): Answer {
  return problem(404, 'The product order was not found.', { contentType: JSON_UTF8 });
}

function seesOrder({ world, policy }: OrderSource, caller: Caller, order: ProductOrder): boolean {
  if (caller.kind === 'partner') return order.partner === caller.partner;
  if (policy.merchantOrderReads !== 'seesOwn') return false;
  const { scheme, id } = order.businessIdentifier;
  return world.merchantIndex(scheme, id) === caller.merchant;
}
