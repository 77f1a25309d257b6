import type { RequestContext } from '../resolvers/context.ts';
import { BadUserInput, NotVisible } from '../resolvers/errors.ts';
import { builder } from './builder.ts';
import { costs } from './cost.ts';
import { MerchantRef } from './merchant.ts';
import { PricePackageRef } from './price-package.ts';
import { ProductOrderRef } from './product-order.ts';
import { SalesUnitRef } from './sales-unit.ts';

const refs = [SalesUnitRef, MerchantRef, ProductOrderRef, PricePackageRef];

/** Null for what is not visible, so that a stale id is no error. Throws {@link BadUserInput}. */
async function readNode(argument: string, globalId: string, context: RequestContext): Promise<unknown> {
  const [typename, id] = decode(globalId);
  const ref = refs.find(({ name }) => name === typename);
  if (!ref || !id) throw new BadUserInput(argument, 'is not an id of this schema');
  try {
    const node = await ref.getDataloader(context).load(id);
    // A copy, since the type's name must not stick to a value that other operations share.
    return { ...node, __typename: typename };
  } catch (error) {
    if (error instanceof NotVisible) return null;
    if (error instanceof BadUserInput) throw new BadUserInput(argument, 'is not an id of this schema');
    throw error;
  }
}

/** What the relay plugin encodes: `{type}:{id}` in base64. */
function decode(globalId: string): [typename: string, id: string] {
  const text = Buffer.from(globalId, 'base64').toString();
  const cut = text.indexOf(':');
  return [text.slice(0, cut), text.slice(cut + 1)];
}

const cost = costs({
  calls: 1,
  lists: ['productOrders', 'productOrders with expired', 'pricePackages'],
  complete: true,
});

builder.queryFields((t) => ({
  node: t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'Any object by its id; null if it is unknown or not visible any more. One upstream call.',
    args: { id: t.arg.id({ required: true, description: 'An `id` from this schema.' }) },
    extensions: cost,
    resolve: (_root, { id }, context) => readNode('id', id, context),
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description:
      'Several objects by their ids, in the order of the ids; null for each that is unknown or not visible any more. One upstream call per sales unit or merchant, one for all product orders or price packages together.',
    args: { ids: t.arg.idList({ required: true, description: 'Values of `id` from this schema.' }) },
    extensions: { cost: { ...cost.cost, rows: 'ids' } },
    resolve: (_root, { ids }, context) => {
      if (ids.length > context.limits.maxPageSize)
        throw new BadUserInput('ids', `must be at most ${context.limits.maxPageSize}`);
      return ids.map((id) => readNode('ids', id, context));
    },
  }),
}));
