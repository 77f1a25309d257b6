import { unlessBroken } from '../../upstream/models/broken.ts';
import type { Address, Merchant } from '../../upstream/models/merchant.ts';
import type { SalesUnitDetails } from '../../upstream/models/sales-unit.ts';

/** The columns, in their order. A cell is empty when the upstream returned no readable value. */
export const columns = [
  'msn',
  'name',
  'businessScheme',
  'businessNumber',
  'captureType',
  'paymentAllowed',
  'recurringAllowed',
  'partialCaptureAllowed',
  'lateCaptureAllowed',
  'skipLandingPageAllowed',
  'landingPagePhoneNumberLocked',
  'longLivingPaymentAllowed',
  'creditCardPaymentAllowed',
  'merchantName',
  'merchantStatus',
  'merchantCreatedAt',
  'merchantUpdatedAt',
  'merchantCountryCode',
  'merchantAddress',
  'merchantPostCode',
  'merchantCity',
] as const;

export type ExportRow = Readonly<Record<(typeof columns)[number], string | boolean | null>>;

/** Returns the row of one unit and its merchant, which is null when the keys cannot see it. */
export function toRow(unit: SalesUnitDetails, merchant: Merchant | null): ExportRow {
  const business = unlessBroken(unit.businessIdentifier);
  const configuration = unlessBroken(unit.configuration);
  const flag = (value: boolean | symbol | undefined) => (typeof value === 'boolean' ? value : null);
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const address = merchant && unlessBroken<Address | null | undefined>(merchant.businessAddress);
  const lines = address && unlessBroken(address.lines);
  return {
    msn: unit.msn,
    name: text(unit.name),
    businessScheme: business?.scheme ?? null,
    businessNumber: business?.value ?? null,
    captureType: text(configuration?.captureType),
    paymentAllowed: flag(configuration?.paymentAllowed),
    recurringAllowed: flag(configuration?.recurringAllowed),
    partialCaptureAllowed: flag(configuration?.partialCaptureAllowed),
    lateCaptureAllowed: flag(configuration?.lateCaptureAllowed),
    skipLandingPageAllowed: flag(configuration?.skipLandingPageAllowed),
    landingPagePhoneNumberLocked: flag(configuration?.landingPagePhoneNumberLocked),
    longLivingPaymentAllowed: flag(configuration?.longLivingPaymentAllowed),
    creditCardPaymentAllowed: flag(configuration?.creditCardPaymentAllowed),
    merchantName: text(merchant?.name),
    merchantStatus: text(merchant?.status),
    merchantCreatedAt: text(merchant?.createdAt),
    merchantUpdatedAt: text(merchant?.updatedAt),
    merchantCountryCode: text(merchant?.countryCode),
    merchantAddress: lines ? lines.filter((line) => typeof line === 'string').join(', ') : null,
    merchantPostCode: text(address?.postCode),
    merchantCity: text(address?.city),
  };
}
