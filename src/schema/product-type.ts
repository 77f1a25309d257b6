import { builder } from './builder.ts';

export const ProductType = builder.enumType('ProductType', {
  description: 'Vipps MobilePay product.',
  values: {
    PAYMENT_INTEGRATION: { description: 'Payments on a website or in an app through the payment APIs.' },
    CASHIER: { description: 'Payments at a point of sale.' },
    CHECKOUT: {
      description: 'Hosted checkout. Transferred to another company in 2026; this value may be removed.',
    },
    LOGIN: { description: 'Login without payments.' },
    DONATIONS: { description: 'Donations.' },
    UNKNOWN: { description: 'A product that this version of the gateway does not recognize.' },
  } as const,
});
