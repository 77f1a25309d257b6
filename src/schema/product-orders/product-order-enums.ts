import { builder } from '../builder.ts';

export const ProductOrderType = builder.enumType('ProductOrderType', {
  description: 'How a product order was created.',
  values: {
    PREFILL: {
      description:
        'Prefilled by the partner through the Management API. The merchant completes it through a link.',
    },
    TEMPLATE: {
      description: 'Created by the merchant through a link that Vipps MobilePay set up for the partner.',
    },
    MANUAL: {
      description: 'Created by the merchant on the portal, where the merchant selected the partner.',
    },
    UNKNOWN: {
      description:
        'The Management API does not return the type, or returns one that this version of the gateway does not recognize.',
    },
  } as const,
});

export const ProductOrderStatus = builder.enumType('ProductOrderStatus', {
  description:
    'Status of a product order. TEMPLATE and MANUAL orders only have the statuses RECEIVED, COMPLETED and REJECTED.',
  values: {
    RECEIVED: { description: 'The order was created. Its link has not been opened.' },
    MERCHANT_VIEWED: { description: 'The merchant has opened the link at least once.' },
    ORDER_SUBMITTED: {
      description: 'The merchant has submitted the order, and Vipps MobilePay is processing it.',
    },
    COMPLETED: { description: 'The order was approved and became a sales unit. Final.' },
    REJECTED: { description: 'The order was declined. Only the merchant receives the reason. Final.' },
    EXPIRED: {
      description:
        'The order was not submitted within 14 days. Final. Listed only with `includeExpired: true`.',
    },
    UNKNOWN: { description: 'A status that this version of the gateway does not recognize.' },
  } as const,
});
