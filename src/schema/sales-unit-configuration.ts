import { leafOf } from '../resolvers/leaf.ts';
import type { SalesUnitConfiguration } from '../upstream/models/sales-unit.ts';
import { builder } from './builder.ts';

export const CaptureType = builder.enumType('CaptureType', {
  description: 'How a payment is captured.',
  values: {
    RESERVE_CAPTURE: {
      value: 'ReserveCapture',
      description:
        'The amount is reserved first and captured later by a request of the merchant. The most common type.',
    },
    DIRECT_CAPTURE: {
      value: 'DirectCapture',
      description: 'The amount is captured immediately, without a reservation.',
    },
    NOT_APPLICABLE: { value: 'NotApplicable', description: 'The sales unit does not accept payments.' },
    UNKNOWN: { value: 'UNKNOWN', description: 'A type that this version of the gateway does not recognize.' },
  } as const,
});

const DETAILS = 'GET /management/v1/sales-units/{msn}';
const absent = 'Null if the Management API does not return it, which does not mean false.';

export const SalesUnitConfigurationRef = builder
  .objectRef<SalesUnitConfiguration>('SalesUnitConfiguration')
  .implement({
    description:
      'Configuration of a sales unit. A setting that the Management API does not return is null, not false.',
    fields: (t) => ({
      paymentAllowed: t.boolean({
        nullable: true,
        resolve: (unit) => leafOf(unit.paymentAllowed, DETAILS),
        description: `True if the unit can accept payments. Usually false for a unit that only uses Login. ${absent}`,
      }),
      captureType: t.field({
        type: CaptureType,
        nullable: true,
        resolve: (unit) => leafOf(unit.captureType, DETAILS),
        description: 'How payments are captured. Null if the Management API does not return it.',
      }),
      skipLandingPageAllowed: t.boolean({
        nullable: true,
        resolve: (unit) => leafOf(unit.skipLandingPageAllowed, DETAILS),
        description: `True if payments may skip the landing page. ${absent}`,
      }),
      recurringAllowed: t.boolean({
        nullable: true,
        resolve: (unit) => leafOf(unit.recurringAllowed, DETAILS),
        description: `True if the unit may use the Recurring API. ${absent}`,
      }),
      partialCaptureAllowed: t.boolean({
        nullable: true,
        resolve: (unit) => leafOf(unit.partialCaptureAllowed, DETAILS),
        description: `True if the unit may capture a part of a reservation. Relevant in Denmark and Finland; always possible in Norway. ${absent}`,
      }),
      lateCaptureAllowed: t.boolean({
        nullable: true,
        resolve: (unit) => leafOf(unit.lateCaptureAllowed, DETAILS),
        description: `True if the unit may capture later than 14 days after the reservation. Relevant in Denmark and Finland; in Norway, the limit is 180 days. ${absent}`,
      }),
      landingPagePhoneNumberLocked: t.boolean({
        nullable: true,
        resolve: (unit) => leafOf(unit.landingPagePhoneNumberLocked, DETAILS),
        description: `True if the payer cannot change the phone number on the landing page. ${absent}`,
      }),
      longLivingPaymentAllowed: t.boolean({
        nullable: true,
        resolve: (unit) => leafOf(unit.longLivingPaymentAllowed, DETAILS),
        description: `True if the unit may create long-living payments. ${absent}`,
      }),
      creditCardPaymentAllowed: t.boolean({
        nullable: true,
        resolve: (unit) => leafOf(unit.creditCardPaymentAllowed, DETAILS),
        description: `True if payers may pay with a credit card. ${absent}`,
      }),
    }),
  });
