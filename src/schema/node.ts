import { brandWithType } from '@pothos/core';
import type { RequestContext } from '../resolvers/context.ts';
import { BadUserInput, NotVisible } from '../resolvers/errors.ts';
import { builder } from './builder.ts';
import { costs } from './cost.ts';
import { MerchantRef } from './merchant.ts';
import { PricePackageRef } from './price-package.ts';
import { ProductOrderRef } from './product-order.ts';
import { SalesUnitRef } from './sales-unit.ts';

interface GlobalId {
  readonly typename: string;
  readonly id: string;
}

const refs = [SalesUnitRef, MerchantRef, ProductOrderRef, PricePackageRef];

/** Null for what is not visible, so that a stale id is no error. Throws {@link BadUserInput}. */
async function readNode(
  argument: string,
  { typename, id }: GlobalId,
  context: RequestContext,
): Promise<unknown> {
  const ref = refs.find(({ name }) => name === typename);
  if (!ref) throw new BadUserInput(argument, 'is not an id of this schema');
  try {
    const node = await ref.getDataloader(context).load(id);
    // A copy, since the brand must not stick to a value that other operations share.
    return brandWithType({ ...node }, ref as typeof SalesUnitRef);
  } catch (error) {
    if (error instanceof NotVisible) return null;
    throw error;
  }
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
    args: { id: t.arg.globalID({ required: true, description: 'An `id` from this schema.' }) },
    extensions: cost,
    resolve: (_root, { id }, context) => readNode('id', id, context),
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description:
      'Several objects by their ids, in the order of the ids; null for each that is unknown or not visible any more. One upstream call per sales unit or merchant, one for all product orders or price packages together.',
    args: { ids: t.arg.globalIDList({ required: true, description: 'Values of `id` from this schema.' }) },
    extensions: { cost: { ...cost.cost, rows: 'ids' } },
    resolve: (_root, { ids }, context) => {
      if (ids.length > context.limits.maxPageSize)
        throw new BadUserInput('ids', `must be at most ${context.limits.maxPageSize}`);
      return ids.map((id) => readNode('ids', id, context));
    },
  }),
}));
