import { builder } from './builder.ts';

export const ProductType = builder.enumType('ProductType', {
  description: 'A product of Vipps MobilePay that a sales unit is made for.',
  values: {
    PAYMENT_INTEGRATION: { description: 'Payments on a web site or in an app, through the payment APIs.' },
    CASHIER: { description: 'Payments at a point of sale.' },
    CHECKOUT: {
      description: 'The hosted checkout. Handed over to another company in 2026; it may disappear.',
    },
    LOGIN: { description: 'Log-in without payments.' },
    DONATIONS: { description: 'Collection of donations.' },
    UNKNOWN: { description: 'A product that this version of the gateway does not know.' },
  } as const,
});
