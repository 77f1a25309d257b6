import {
  expiryOfProductOrder,
  merchantOfProductOrder,
  merchantProductOrders,
  productOrder,
  productOrders,
  salesUnitOfProductOrder,
  urlOfProductOrder,
} from '../resolvers/product-order.ts';
import type { ProductOrder } from '../resolvers/product-order-key.ts';
import { productOrderOfSalesUnit } from '../resolvers/sales-unit.ts';
import { asksForDetails } from './asks-for-details.ts';
import { builder } from './builder.ts';
import { BusinessIdentifierInput, BusinessIdentifierRef } from './business-identifier.ts';
import { costs } from './cost.ts';
import { entities, loadableBy } from './entities.ts';
import { MerchantRef } from './merchant.ts';
import { ProductType } from './product-type.ts';
import { SalesUnitRef } from './sales-unit.ts';

export const ProductOrderRef = builder.loadableNodeRef('ProductOrder', {
  ...loadableBy(entities.ProductOrder),
  id: { resolve: ({ key }: ProductOrder) => key },
});

const ProductOrderType = builder.enumType('ProductOrderType', {
  description: 'How an order came about.',
  values: {
    PREFILL: {
      description:
        'Prefilled by the partner through the Management API; the merchant finishes it behind a link.',
    },
    TEMPLATE: {
      description: 'Made by a merchant through a link that Vipps MobilePay set up for the partner.',
    },
    MANUAL: { description: 'Made by a merchant on the portal, with the partner chosen there.' },
    UNKNOWN: {
      description:
        'The Management API does not say, or says something that this version of the gateway does not know.',
    },
  } as const,
});

const ProductOrderStatus = builder.enumType('ProductOrderStatus', {
  description:
    'How far an order has come. TEMPLATE and MANUAL orders only know RECEIVED, COMPLETED and REJECTED.',
  values: {
    RECEIVED: { description: 'The order exists; its link has not been opened.' },
    MERCHANT_VIEWED: { description: 'The merchant has opened the link at least once.' },
    ORDER_SUBMITTED: {
      description: 'The merchant has submitted the order; Vipps MobilePay is looking at it.',
    },
    COMPLETED: { description: 'Approved: the order has become a sales unit. Final.' },
    REJECTED: { description: 'Declined. The reason is told to the merchant alone. Final.' },
    EXPIRED: { description: 'Not submitted within 14 days. Final, and listed only with `includeExpired`.' },
    UNKNOWN: { description: 'A status that this version of the gateway does not know.' },
  } as const,
});

builder.objectType(ProductOrderRef, {
  authScopes: { read: true },
  description:
    'A request of a merchant for a product, which becomes a sales unit when it is approved. All fields but `merchant` come with the list.',
  fields: (t) => ({
    productOrderId: t.exposeString('productOrderId', {
      nullable: true,
      description:
        'The id (UUID) of the order; the same as the prefilled order id. Null for TEMPLATE and MANUAL orders that come without one.',
    }),
    type: t.field({
      type: ProductOrderType,
      description: 'How the order came about.',
      resolve: ({ productOrderType }) => productOrderType ?? 'UNKNOWN',
    }),
    status: t.expose('status', { type: ProductOrderStatus, description: 'How far the order has come.' }),
    productType: t.expose('productType', {
      type: ProductType,
      nullable: true,
      description: 'The product that was ordered; null if the Management API does not say.',
    }),
    businessIdentifier: t.expose('businessIdentifier', {
      type: BusinessIdentifierRef,
      description: 'The business that the order is for. It may not be a merchant yet.',
    }),
    merchant: t.field({
      type: MerchantRef,
      nullable: true,
      description:
        'The merchant that the order is for. Null as long as the business is no merchant with a sales unit that the keys can see. At most one upstream call; none if only its `businessIdentifier` or `id` is asked for, and then it is there for a business that is no merchant yet, too.',
      resolve: (order, _args, context, info) => merchantOfProductOrder(order, context, asksForDetails(info)),
    }),
    url: t.string({
      nullable: true,
      description:
        'The link behind which the merchant finishes the order, valid for 14 days. Null for other than PREFILL orders.',
      resolve: urlOfProductOrder,
    }),
    salesUnit: t.field({
      type: SalesUnitRef,
      nullable: true,
      description: 'The sales unit that the order became; null until it is COMPLETED.',
      resolve: salesUnitOfProductOrder,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the link stops working: 14 days after the order was made. The Management API does not tell when an order was made, so this is null unless the gateway made it.',
      resolve: (order, _args, context) => expiryOfProductOrder(order, context),
    }),
  }),
});

const ProductOrderConnection = builder.connectionObject(
  { type: ProductOrderRef, name: 'ProductOrderConnection', description: 'A page of product orders.' },
  { name: 'ProductOrderEdge', description: 'A product order in a page, with its cursor.' },
);

const ProductOrderFilterInput = builder.inputType('ProductOrderFilter', {
  description: 'Which product orders to list. All conditions must hold; none costs an upstream call.',
  fields: (t) => ({
    status: t.field({
      type: [ProductOrderStatus],
      description: 'In one of these states. EXPIRED needs `includeExpired: true` as well.',
    }),
    type: t.field({ type: [ProductOrderType], description: 'Come about in one of these ways.' }),
    productType: t.field({ type: [ProductType], description: 'For one of these products.' }),
    businessIdentifier: t.field({ type: BusinessIdentifierInput, description: 'For this business.' }),
  }),
});

const listArguments = builder.args((t) => ({
  filter: t.field({ type: ProductOrderFilterInput, description: 'Which orders to list; all if left out.' }),
  includeExpired: t.boolean({
    defaultValue: false,
    description: 'Whether orders with status EXPIRED are listed too.',
  }),
}));

builder.queryFields((t) => ({
  productOrder: t.field({
    type: ProductOrderRef,
    nullable: true,
    description:
      'One product order. Null if the id is unknown or the order does not name the keys as its partner. One upstream call; several ids in one operation share one.',
    args: { productOrderId: t.arg.id({ required: true, description: 'The id (UUID) of the order.' }) },
    extensions: costs({ calls: 1, lists: ['productOrders with expired'], complete: true }),
    resolve: (_root, { productOrderId }, context) => productOrder(productOrderId, context),
  }),
  productOrders: t.field({
    type: ProductOrderConnection,
    description:
      'The product orders that name the keys as their partner, in the order of their ids: the Management API tells no dates. One upstream call.',
    args: { ...t.arg.connectionArgs(), ...listArguments },
    extensions: costs({ lists: ['productOrders', 'productOrders with expired'], rows: 'page' }),
    resolve: (_root, args, context) => productOrders(args, context),
  }),
}));

builder.objectField(MerchantRef, 'productOrders', (t) =>
  t.field({
    type: ProductOrderConnection,
    description:
      'The product orders for this business that name the keys as their partner. One upstream call for all merchants of an operation.',
    args: { ...t.arg.connectionArgs(), ...listArguments },
    extensions: costs({ lists: ['productOrders', 'productOrders with expired'], rows: 'page' }),
    resolve: (merchant, args, context) => merchantProductOrders(merchant, args, context),
  }),
);

builder.objectField(SalesUnitRef, 'productOrder', (t) =>
  t.field({
    type: ProductOrderRef,
    nullable: true,
    description:
      'The order that became this unit; null if none that names the keys did. One upstream call for all units of an operation.',
    extensions: costs({ lists: ['productOrders'] }),
    resolve: (unit, _args, context) => productOrderOfSalesUnit(unit, context),
  }),
);
