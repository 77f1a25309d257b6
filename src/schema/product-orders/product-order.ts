import { toDateTime } from '../../resolvers/date-time.ts';
import { leafOf } from '../../resolvers/leaf.ts';
import { mapValue } from '../../resolvers/maybe-promise.ts';
import {
  businessOfProductOrder,
  expiryOfProductOrder,
  merchantOfProductOrder,
  salesUnitOfProductOrder,
  timesOfProductOrder,
  urlOfProductOrder,
} from '../../resolvers/product-order.ts';
import type { ProductOrder } from '../../resolvers/product-order-key.ts';
import { builder } from '../builder.ts';
import { BusinessIdentifierRef } from '../business-identifier.ts';
import { entities, loadableBy } from '../entities.ts';
import { MerchantRef } from '../merchant.ts';
import { ProductType } from '../product-type.ts';
import { SalesUnitRef } from '../sales-unit.ts';
import { asksForDetails } from '../selection/asks-for-details.ts';
import { ProductOrderStatus, ProductOrderType } from './product-order-enums.ts';

const ROUTE = 'GET /management/v2/product-orders';

export const ProductOrderRef = builder.loadableNodeRef('ProductOrder', {
  ...loadableBy(entities.ProductOrder),
  id: { resolve: ({ key }: ProductOrder) => key },
});

builder.objectType(ProductOrderRef, {
  authScopes: { read: true },
  description:
    'A request for a product on behalf of a merchant. It becomes a sales unit when approved. Only `merchant` costs a further upstream call per order.',
  fields: (t) => ({
    productOrderId: t.exposeString('productOrderId', {
      nullable: true,
      description:
        'ID (UUID) of the order, the same as the ID of the prefilled order. Null for TEMPLATE and MANUAL orders without an ID.',
    }),
    type: t.field({
      type: ProductOrderType,
      nullable: true,
      description:
        'How the order was created. Null only with an error, if the Management API returned no readable value.',
      resolve: ({ productOrderType }) => leafOf(productOrderType ?? 'UNKNOWN', ROUTE),
    }),
    status: t.field({
      type: ProductOrderStatus,
      nullable: true,
      description:
        'Status of the order. Null only with an error, if the Management API returned no readable one.',
      resolve: ({ status }) => leafOf(status, ROUTE),
    }),
    productType: t.field({
      type: ProductType,
      nullable: true,
      resolve: ({ productType }) => leafOf(productType, ROUTE),
      description: 'Ordered product. Null if the Management API does not return it.',
    }),
    businessIdentifier: t.field({
      type: BusinessIdentifierRef,
      nullable: true,
      description:
        'Business that the order is for. It may not be a merchant yet. Null only with an error, if the Management API returned no readable one.',
      resolve: businessOfProductOrder,
    }),
    merchant: t.field({
      type: MerchantRef,
      nullable: true,
      description:
        'Merchant that the order is for. Null until the business is a merchant with a sales unit that is visible to the API keys. Costs at most one upstream call. If only `businessIdentifier` or `id` is selected, it costs none and is not null, even if the business is not a merchant yet.',
      resolve: (order, _args, context, info) => merchantOfProductOrder(order, context, asksForDetails(info)),
    }),
    url: t.string({
      nullable: true,
      description:
        'Link where the merchant completes the order. Valid for 14 days. Null for orders of other types than PREFILL.',
      resolve: urlOfProductOrder,
    }),
    salesUnit: t.field({
      type: SalesUnitRef,
      nullable: true,
      description: 'Sales unit that the order became. Null until the order is COMPLETED.',
      resolve: salesUnitOfProductOrder,
    }),
    firstSeenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When this gateway first saw the order: the Management API returns no times of orders. The time of the first list of all for orders that are older. Null without a directory.',
      resolve: (order, _args, context) =>
        mapValue(timesOfProductOrder(order, context), (times) => toDateTime(times?.firstSeenAt)),
    }),
    statusSince: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When this gateway first saw the order with its status: it has had it at least since then. Null without a directory.',
      resolve: (order, _args, context) =>
        mapValue(timesOfProductOrder(order, context), (times) => toDateTime(times?.statusSince)),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the link expires: 14 days after the order was created. Null if this gateway did not create the order, since the Management API does not return the creation time.',
      resolve: (order, _args, context) => expiryOfProductOrder(order, context),
    }),
  }),
});
