import type { Hint, HintCode } from '../resolvers/hints/hints.ts';
import { builder } from './builder.ts';

const descriptions: Record<HintCode, string> = {
  BUSINESS_ID_CHECK: 'The business number has a wrong length or check digit for its register.',
  BUSINESS_SCHEME_UNKNOWN: 'The register is none of those that are named anywhere.',
  BANK_ACCOUNT_CHECK: 'The account number has a wrong length or check digit for its country.',
  BANK_ACCOUNT_SCHEME_UNKNOWN: 'The account scheme is none of those that are named anywhere.',
  BANK_ACCOUNT_OTHER_COUNTRY: 'Account and business are of different countries.',
  WEBSITE_MISSING: 'Payments on a web site are ordered without naming the site and its terms.',
  TERMS_URL_IS_WEBSITE: 'The terms have the same URL as the site.',
  TEST_WEBSITE_MISSING: 'The use case is a site under construction, and no test site is named.',
  TEST_WEBSITE_CREDENTIALS_MISSING: 'The test site is named without user name and password.',
  TEST_WEBSITE_URL: 'The URL of the test site is not https, or has a space in it.',
  APP_MISSING: 'The use case is an app, and no app is named.',
  LOGO_NOT_PNG: 'The logo is not a PNG in base64 and will not be shown.',
  LOGO_SIZE: 'The logo is smaller than 100 or larger than 1000 pixels and will not be shown.',
  LOGO_NOT_SQUARE: 'The logo is not square.',
  MERCHANT_CATEGORY_CODE_SHAPE: 'The merchant category code cannot be one and will be ignored.',
  INTENDED_PURPOSE_MISSING: 'It is not said what is sold.',
  PRICE_PACKAGE_NOT_FOR_PRODUCT: 'The product has no price packages.',
  PRICE_PACKAGE_UNKNOWN: 'The keys see no price package with this id.',
  PRICE_PACKAGE_OTHER_PRODUCT: 'The price package is for another product.',
  PRICE_PACKAGE_OTHER_MARKET: 'The price package is for another country than that of the business.',
};

const HintCodeEnum = builder.enumType('HintCode', {
  description: 'Something legal that is known to delay an order. More codes may come.',
  values: Object.fromEntries(
    Object.entries(descriptions).map(([code, description]) => [code, { description }]),
  ) as Record<HintCode, { description: string }>,
});

export const HintRef = builder.objectRef<Hint>('Hint').implement({
  description:
    'Something in the input that the Management API accepts, and that is known to delay an order or to leave a field of the form empty.',
  fields: (t) => ({
    code: t.expose('code', { type: HintCodeEnum, description: 'What it is about, for programs.' }),
    message: t.exposeString('message', { description: 'What to look at, for people.' }),
    field: t.exposeStringList('field', {
      description: 'Path to the field, from the argument on: `["input", "salesUnitLogo"]`.',
    }),
  }),
});
