import { merchantProductOrders, productOrder, productOrders } from '../../resolvers/product-order.ts';
import { productOrderOfSalesUnit } from '../../resolvers/sales-unit.ts';
import { builder } from '../builder.ts';
import { BusinessIdentifierInput } from '../business-identifier.ts';
import { MerchantRef } from '../merchant.ts';
import { ProductType } from '../product-type.ts';
import { SalesUnitRef } from '../sales-unit.ts';
import { sameArguments } from '../same-arguments.ts';
import { costs } from '../work/cost.ts';
import { ProductOrderRef } from './product-order.ts';
import { ProductOrderStatus, ProductOrderType } from './product-order-enums.ts';

const ProductOrderConnection = builder.connectionObject(
  {
    type: ProductOrderRef,
    name: 'ProductOrderConnection',
    description: 'A page of a list of product orders.',
  },
  { name: 'ProductOrderEdge', description: 'A product order and its cursor.' },
);

const ProductOrderFilterInput = builder.inputType('ProductOrderFilter', {
  description:
    'Filter for product orders. An order must match all given fields. Filtering costs no upstream call.',
  fields: (t) => ({
    status: t.field({
      type: [ProductOrderStatus],
      description: 'Matches orders with any of these statuses. EXPIRED also requires `includeExpired: true`.',
    }),
    type: t.field({ type: [ProductOrderType], description: 'Matches orders of any of these types.' }),
    productType: t.field({ type: [ProductType], description: 'Matches orders for any of these products.' }),
    businessIdentifier: t.field({
      type: BusinessIdentifierInput,
      description: 'Matches orders for this business.',
    }),
    statusSinceBefore: t.field({
      type: 'DateTime',
      description:
        'Matches orders that have had their status since before this time, as far as this gateway has seen it. Fails with DIRECTORY_UNAVAILABLE without a directory.',
    }),
  }),
});

const listArguments = builder.args((t) => ({
  filter: t.field({
    type: ProductOrderFilterInput,
    description: 'Returns only orders that match this filter.',
  }),
  includeExpired: t.boolean({
    defaultValue: false,
    description: 'Set to true to include orders with the status EXPIRED.',
  }),
}));

builder.queryFields((t) => ({
  productOrder: t.field({
    type: ProductOrderRef,
    nullable: true,
    description:
      'Returns a product order. Null if the ID is unknown or the order belongs to another partner. Costs one upstream call, shared by all orders of the operation that the list contains.',
    args: {
      productOrderId: t.arg.id({ required: true, description: 'ID (UUID) of the order, or its global ID.' }),
    },
    extensions: costs({ calls: 1, lists: ['productOrders with expired'], complete: true }),
    resolve: (_root, { productOrderId }, context) => productOrder(productOrderId, context),
  }),
  productOrders: t.field({
    type: ProductOrderConnection,
    description:
      'Returns the product orders of the partner, ordered by ID, since the Management API returns no dates. Costs one upstream call.',
    args: { ...t.arg.connectionArgs(), ...listArguments },
    extensions: costs({ lists: ['productOrders', 'productOrders with expired'], rows: 'page' }),
    resolve: (_root, args, context, info) => productOrders(sameArguments(args, context, info), context),
  }),
}));

builder.objectField(MerchantRef, 'productOrders', (t) =>
  t.field({
    type: ProductOrderConnection,
    description:
      'Product orders of the partner for this merchant. Costs one upstream call for all merchants of an operation.',
    args: { ...t.arg.connectionArgs(), ...listArguments },
    extensions: costs({ lists: ['productOrders', 'productOrders with expired'], rows: 'page' }),
    resolve: (merchant, args, context, info) =>
      merchantProductOrders(merchant, sameArguments(args, context, info), context),
  }),
);

builder.objectField(SalesUnitRef, 'productOrder', (t) =>
  t.field({
    type: ProductOrderRef,
    nullable: true,
    description:
      'Product order that became this sales unit. Null if no order of the partner did. Costs one upstream call for all sales units of an operation.',
    extensions: costs({ lists: ['productOrders'] }),
    resolve: (unit, _args, context) => productOrderOfSalesUnit(unit, context),
  }),
);
