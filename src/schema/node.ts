import type { RequestContext } from '../resolvers/context.ts';
import { BadUserInput } from '../resolvers/errors.ts';
import { type MaybePromise, mapValue } from '../resolvers/maybe-promise.ts';
import { builder } from './builder.ts';
import { costs } from './cost.ts';
import { entityNamed } from './entities.ts';

/** Returns null for an object that is not visible, so that an outdated id is no error. Throws {@link BadUserInput}. */
function findNode(argument: string, globalId: string, context: RequestContext): MaybePromise<object | null> {
  const [typename, key] = decode(globalId);
  const found = entityNamed(typename)?.(key, context);
  if (found === undefined) throw new BadUserInput(argument, 'is not an id of this schema');
  // A copy, since operations share the object and must not share the type's name.
  return mapValue(found, (object) => object && { ...object, __typename: typename });
}

/** Returns the parts of an id that the relay plugin encoded: `{type}:{key}` in base64. */
function decode(globalId: string): [typename: string, key: string] {
  const text = Buffer.from(globalId, 'base64').toString();
  const end = text.indexOf(':');
  return [text.slice(0, end), text.slice(end + 1)];
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
    resolve: (_root, { id }, context) => findNode('id', id, context),
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
      return ids.map((id) => settled(() => findNode('ids', id, context)));
    },
  }),
}));

/** Returns an error instead of throwing it: one invalid id of several must not fail the others. */
function settled<T>(find: () => T): T | Error {
  try {
    return find();
  } catch (error) {
    return error as Error;
  }
}
