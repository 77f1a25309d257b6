import type { RequestContext } from '../resolvers/context.ts';
import { BadUserInput } from '../resolvers/errors.ts';
import { readGlobalId } from '../resolvers/global-id.ts';
import { type MaybePromise, settled } from '../resolvers/maybe-promise.ts';
import { builder } from './builder.ts';
import { entityNamed, withTypename } from './entities.ts';
import { inputSize } from './input-size.ts';
import { costs } from './work/cost.ts';

const MAX_ID_LENGTH = 300;

/** Returns null for an object that is not visible, so that an outdated id is no error. Throws {@link BadUserInput}. */
function findNode(argument: string, globalId: string, context: RequestContext): MaybePromise<object | null> {
  const [typename, key] = readGlobalId(globalId);
  const found = entityNamed(typename)?.(key, context);
  if (found === undefined) throw new BadUserInput(argument, 'is not an id of this schema');
  return withTypename(found, typename);
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
    description:
      'Returns an object by its global ID. Null if the object does not exist or is no longer visible. Costs one upstream call.',
    args: {
      id: t.arg.id({
        required: true,
        extensions: inputSize({ maxLength: MAX_ID_LENGTH }),
        description: 'Global ID of the object.',
      }),
    },
    extensions: cost,
    resolve: (_root, { id }, context) => findNode('id', id, context),
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description:
      'Returns objects by their global IDs, in the order of the IDs. An item is null if the object does not exist or is no longer visible. Costs one upstream call per sales unit and merchant, one for all price packages, one for all product orders, and one more for each order that their list lacks.',
    args: {
      ids: t.arg.idList({
        required: true,
        extensions: inputSize({ maxLength: MAX_ID_LENGTH, maxItems: 'page' }),
        description: 'Global IDs of the objects.',
      }),
    },
    extensions: { cost: { ...cost.cost, rows: 'ids' } },
    resolve: (_root, { ids }, context) => ids.map((id) => settled(() => findNode('ids', id, context))),
  }),
}));
