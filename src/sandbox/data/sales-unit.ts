import type { Country } from './country.ts';
import type { SeededRandom } from './seeded-random.ts';

/** All optional: the contract says that a missing flag does not mean that the feature is off. */
export interface SalesUnitConfiguration {
  paymentAllowed?: boolean;
  captureType?: 'ReserveCapture' | 'DirectCapture' | 'NotApplicable';
  skipLandingPageAllowed?: boolean;
  recurringAllowed?: boolean;
  partialCaptureAllowed?: boolean;
  lateCaptureAllowed?: boolean;
  landingPagePhoneNumberLocked?: boolean;
  longLivingPaymentAllowed?: boolean;
  creditCardPaymentAllowed?: boolean;
}

/** The part of an order that its unit's configuration follows from. */
export interface OrderedProduct {
  readonly productType: string;
  readonly hasRecurring: boolean;
}

/** Settings that are true, false or absent at random. */
export const flags = [
  'skipLandingPageAllowed',
  'recurringAllowed',
  'partialCaptureAllowed',
  'lateCaptureAllowed',
  'landingPagePhoneNumberLocked',
  'longLivingPaymentAllowed',
  'creditCardPaymentAllowed',
] as const;

/** Most units are named after company and place; some have a name that other merchants' units have too. */
export function createUnitName(random: SeededRandom, country: Country, brand: string, index: number): string {
  return random.chance(0.04, 'common name', index)
    ? random.pick(country.commonUnitNames, 'unit name', index)
    : `${brand} ${random.pick(country.locations, 'unit place', index)}`;
}

export function createConfiguration(random: SeededRandom, index: number): SalesUnitConfiguration {
  const configuration: SalesUnitConfiguration = {};
  const kind = random.below(20, 'capture', index);
  // A unit that takes no payments (Login only) has no capture at all.
  const loginOnly = kind < 2;
  if (kind !== 19) configuration.paymentAllowed = !loginOnly;
  if (kind !== 18) {
    configuration.captureType = loginOnly ? 'NotApplicable' : kind < 6 ? 'DirectCapture' : 'ReserveCapture';
  }
  for (const flag of flags) {
    const value = random.below(10, flag, index);
    if (value > 1) configuration[flag] = value > 5;
  }
  return configuration;
}

/** What the product that was ordered decides; everything else is as with any unit. */
export function configurationOf(
  random: SeededRandom,
  index: number,
  { productType, hasRecurring }: OrderedProduct,
): SalesUnitConfiguration {
  const likeAny = createConfiguration(random, index);
  // Login alone takes no payments, so nothing about them is allowed either.
  if (productType === 'LOGIN') {
    return {
      ...Object.fromEntries(Object.keys(likeAny).map((flag) => [flag, false])),
      paymentAllowed: false,
      captureType: 'NotApplicable',
      recurringAllowed: false,
    };
  }
  // Direct capture is agreed on afterwards (source: the API's guide calls reserve capture the default).
  const paid = {
    paymentAllowed: true,
    captureType: 'ReserveCapture',
    recurringAllowed: hasRecurring,
  } as const;
  return { ...likeAny, ...paid };
}
