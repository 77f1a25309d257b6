import type { GraphQLResolveInfo } from 'graphql';
import type { RequestContext } from '../../resolvers/context.ts';
import { BadUserInput } from '../../resolvers/errors.ts';
import { type MaybePromise, settled } from '../../resolvers/maybe-promise.ts';
import { merchantOf } from '../../resolvers/merchant.ts';
import { type Representation, readRepresentations } from '../../resolvers/representation.ts';
import { builder } from '../builder.ts';
import { entities, withTypename } from '../entities.ts';
import { inputSize } from '../input-size.ts';
import { MerchantRef } from '../merchant.ts';
import { PricePackageRef } from '../price-package.ts';
import { ProductOrderRef } from '../product-orders/product-order.ts';
import { SalesUnitRef } from '../sales-unit.ts';
import { asksForDetails } from '../selection/asks-for-details.ts';
import { costs } from '../work/cost.ts';

const EntityRef = builder.unionType('_Entity', {
  description: 'An object that a router joins with the fields of other subgraphs.',
  types: [SalesUnitRef, MerchantRef, ProductOrderRef, PricePackageRef],
  // Behind a union, the `__typename` of the object decides.
  resolveType: (object) => (object as { readonly __typename?: string }).__typename,
});

const AnyRef = builder.scalarType('_Any', {
  description: 'The representation of an entity: its `__typename` and the fields of its key.',
  serialize: (value) => value,
});

/** Finds the object through the loaders of the operation, so that it is read once however often a router asks for it. */
function findEntity(
  { type, key, identifier }: Representation,
  context: RequestContext,
  info: GraphQLResolveInfo,
): MaybePromise<object | null> {
  const found =
    identifier && !asksForDetails(info, type)
      ? merchantOf(identifier, context, false)
      : entities[type](key, context);
  return withTypename(found ?? null, type);
}

builder.queryField('_entities', (t) =>
  t.field({
    type: [EntityRef],
    nullable: { list: false, items: true },
    description:
      'Returns the objects that a router names by their keys, in the order of the representations. An item is null if the object does not exist or is not visible; a merchant of which only the key is selected is not looked up. Costs one upstream call per sales unit and merchant, one for all price packages, one for all product orders, and one more for each order that their list lacks.',
    args: {
      representations: t.arg({
        type: [AnyRef],
        required: true,
        extensions: inputSize({ maxItems: 'page' }),
        description: 'The types and keys of the objects.',
      }),
    },
    extensions: costs({
      entities: {
        SalesUnit: { calls: 1, complete: true },
        Merchant: {},
        ProductOrder: { calls: 1, lists: ['productOrders', 'productOrders with expired'] },
        PricePackage: { lists: ['pricePackages'] },
      },
    }),
    resolve: (_root, { representations }, context, info) =>
      readRepresentations(representations).map((one) =>
        one instanceof BadUserInput ? one : settled(() => findEntity(one, context, info)),
      ) as never,
  }),
);
