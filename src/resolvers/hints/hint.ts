import type { PrefillRequest } from '../../upstream/models/prefill-request.ts';

/** A problem that the Management API accepts, but that can delay an order or leave a field of the form empty. */
export interface Hint {
  readonly code: HintCode;
  readonly message: string;
  /** Path to the field, relative to the input. */
  readonly field: readonly string[];
}

export type HintCode =
  | 'BUSINESS_ID_CHECK'
  | 'BUSINESS_SCHEME_UNKNOWN'
  | 'BANK_ACCOUNT_CHECK'
  | 'BANK_ACCOUNT_SCHEME_UNKNOWN'
  | 'BANK_ACCOUNT_OTHER_COUNTRY'
  | 'WEBSITE_MISSING'
  | 'TERMS_URL_IS_WEBSITE'
  | 'TEST_WEBSITE_MISSING'
  | 'TEST_WEBSITE_CREDENTIALS_MISSING'
  | 'TEST_WEBSITE_URL'
  | 'APP_MISSING'
  | 'LOGO_NOT_PNG'
  | 'LOGO_SIZE'
  | 'LOGO_NOT_SQUARE'
  | 'MERCHANT_CATEGORY_CODE_SHAPE'
  | 'INTENDED_PURPOSE_MISSING'
  | 'PRICE_PACKAGE_NOT_FOR_PRODUCT'
  | 'PRICE_PACKAGE_UNKNOWN'
  | 'PRICE_PACKAGE_OTHER_PRODUCT'
  | 'PRICE_PACKAGE_OTHER_MARKET';

/** The input as the client sent it, valid or not. */
export type HintInput = Omit<PrefillRequest, 'productType'> & { readonly productType: string };

export const hint = (code: HintCode, field: string, message: string): Hint => ({
  code,
  message,
  field: field.split('.'),
});
