import { z } from 'zod';
import { leaf } from './broken.ts';
import { BusinessIdentifier, Msn } from './identifiers.ts';
import { openEnum } from './open-enum.ts';
import { orAbsent } from './or-absent.ts';
import { TextLeaf } from './text.ts';

const flag = leaf(orAbsent(z.boolean()));

// A missing flag does not mean that the feature is off, so absence is kept.
const SalesUnitConfiguration = z.object({
  paymentAllowed: flag,
  captureType: leaf(orAbsent(openEnum(['ReserveCapture', 'DirectCapture', 'NotApplicable']))),
  skipLandingPageAllowed: flag,
  recurringAllowed: flag,
  partialCaptureAllowed: flag,
  lateCaptureAllowed: flag,
  landingPagePhoneNumberLocked: flag,
  longLivingPaymentAllowed: flag,
  creditCardPaymentAllowed: flag,
});

/** A row of a list: all that the upstream returns without a call per unit. */
export const SalesUnitSummary = z.object({ msn: Msn, name: TextLeaf });

/** Only a unit without its number is unreadable as a whole. */
export const SalesUnitDetails = SalesUnitSummary.extend({
  businessIdentifier: leaf(BusinessIdentifier),
  configuration: leaf(SalesUnitConfiguration),
});

export type SalesUnitConfiguration = z.infer<typeof SalesUnitConfiguration>;
export type SalesUnitSummary = z.infer<typeof SalesUnitSummary>;
export type SalesUnitDetails = z.infer<typeof SalesUnitDetails>;
