import type { Hint, HintCode } from '../../resolvers/hints/hint.ts';
import { builder } from '../builder.ts';

const descriptions: Record<HintCode, string> = {
  BUSINESS_ID_CHECK: 'The business number has the wrong length or check digit for its register.',
  BUSINESS_SCHEME_UNKNOWN: 'The business identifier scheme is not a known one.',
  BANK_ACCOUNT_CHECK: 'The account number has the wrong length or check digit for its country.',
  BANK_ACCOUNT_SCHEME_UNKNOWN: 'The bank account scheme is not a known one.',
  BANK_ACCOUNT_OTHER_COUNTRY: 'The bank account and the business are in different countries.',
  WEBSITE_MISSING: 'The order is for payments on a website, but `website` is missing.',
  TERMS_URL_IS_WEBSITE: 'The terms URL is the same as the website URL.',
  TEST_WEBSITE_MISSING: 'The use case is WEBSITE_WITH_TEST, but the test website is missing.',
  TEST_WEBSITE_CREDENTIALS_MISSING: 'The test website has no user name or no password.',
  TEST_WEBSITE_URL: 'The test website URL is not an https URL, or contains a space.',
  APP_MISSING: 'The use case is APP, but `app` is missing.',
  LOGO_NOT_PNG: 'The logo is not a Base64-encoded PNG, so it will not be shown.',
  LOGO_SIZE: 'A side of the logo is shorter than 100 or longer than 1000 pixels, so it will not be shown.',
  LOGO_NOT_SQUARE: 'The logo is not square.',
  MERCHANT_CATEGORY_CODE_SHAPE: 'The merchant category code is not valid, so it will be ignored.',
  INTENDED_PURPOSE_MISSING: 'The intended purpose is missing.',
  PRICE_PACKAGE_NOT_FOR_PRODUCT: 'The product has no price packages.',
  PRICE_PACKAGE_UNKNOWN: 'No visible price package has this ID.',
  PRICE_PACKAGE_OTHER_PRODUCT: 'The price package is for another product.',
  PRICE_PACKAGE_OTHER_MARKET: 'The price package is for another country than the business.',
};

const HintCodeEnum = builder.enumType('HintCode', {
  description: 'Reason for a hint. More codes may be added.',
  values: Object.fromEntries(
    Object.entries(descriptions).map(([code, description]) => [code, { description }]),
  ) as Record<HintCode, { description: string }>,
});

export const HintRef = builder.objectRef<Hint>('Hint').implement({
  description:
    'A problem in the input that the Management API accepts, but that can delay the order or leave a field of the form empty.',
  fields: (t) => ({
    code: t.expose('code', { type: HintCodeEnum, description: 'Machine-readable reason for the hint.' }),
    message: t.exposeString('message', { description: 'Human-readable explanation.' }),
    field: t.exposeStringList('field', {
      description:
        'Path to the input field, starting with the argument, for example `["input", "salesUnitLogo"]`.',
    }),
  }),
});
