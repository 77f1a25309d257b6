import type { PrefillRequest } from '../../upstream/models/prefill-request.ts';
import type { PricePackage } from '../../upstream/models/price-package.ts';
import { isPlausibleAccount, isPlausibleBusiness } from './check-digits.ts';
import { readPngSize } from './png.ts';

/** Something legal that is known to delay an order, or to leave a field of the merchant's form empty. */
export interface Hint {
  readonly code: HintCode;
  readonly message: string;
  /** Path to the field, below the input. */
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

/** As it was given, rules broken or not. */
type Input = Omit<PrefillRequest, 'productType'> & { readonly productType: string };

const SMALLEST_LOGO = 100;
const LARGEST_LOGO = 1_000;
// Packages are for these only (source: OpenAPI document 2.0.9).
const priced: readonly string[] = ['PAYMENT_INTEGRATION', 'CASHIER', 'CHECKOUT'];

const hint = (code: HintCode, field: string, message: string): Hint => ({
  code,
  message,
  field: field.split('.'),
});

/** What the input itself tells. */
export function hintsOf(request: Input): Hint[] {
  return [
    ...businessHints(request),
    ...accountHints(request),
    ...siteHints(request),
    ...logoHints(request),
    ...purposeHints(request),
  ];
}

function* businessHints({ businessIdentifier }: Input): Generator<Hint> {
  const verdict = isPlausibleBusiness(businessIdentifier);
  if (verdict === undefined)
    yield hint(
      'BUSINESS_SCHEME_UNKNOWN',
      'businessIdentifier.scheme',
      'Known schemes are business:NO:ORG, business:DK:CVR and business:FI:Y-tunnus.',
    );
  if (verdict === false)
    yield hint(
      'BUSINESS_ID_CHECK',
      'businessIdentifier.id',
      'The number is not one that the register gives out: its length or its check digit is wrong.',
    );
}

function* accountHints({ settlementBankAccount, businessIdentifier }: Input): Generator<Hint> {
  if (!settlementBankAccount) return;
  const verdict = isPlausibleAccount(settlementBankAccount);
  if (verdict === undefined)
    yield hint(
      'BANK_ACCOUNT_SCHEME_UNKNOWN',
      'settlementBankAccount.scheme',
      'Known schemes are BBAN:NO, BBAN:DK and BBAN:FI.',
    );
  if (verdict === false)
    yield hint(
      'BANK_ACCOUNT_CHECK',
      'settlementBankAccount.id',
      'The account number has a wrong length or check digit for its country.',
    );
  const country = settlementBankAccount.scheme.split(':')[1];
  const market = marketOf(businessIdentifier.scheme);
  if (verdict !== undefined && market && country !== market)
    yield hint(
      'BANK_ACCOUNT_OTHER_COUNTRY',
      'settlementBankAccount.scheme',
      'The account is of another country than the business; it must belong to the business itself.',
    );
}

function* siteHints({ productType, productUseCase, website, app }: Input): Generator<Hint> {
  const needsSite = productUseCase === 'Website' || productUseCase === 'WebsiteWithTest';
  if (!website && productUseCase !== 'App' && (needsSite || productType === 'PAYMENT_INTEGRATION'))
    yield hint(
      'WEBSITE_MISSING',
      'website',
      'Without a web site and its terms the order waits until the merchant is asked for them.',
    );
  if (!app && productUseCase === 'App')
    yield hint('APP_MISSING', 'app', 'The use case is an app, and the app is not named.');
  if (website && website.termsUrl.trim() === website.url.trim())
    yield hint(
      'TERMS_URL_IS_WEBSITE',
      'website.termsUrl',
      'The terms need a page of their own; sites without terms are a usual cause of delay.',
    );
  const { testWebsiteUrl, testWebsiteUsername, testWebsitePassword } = website ?? {};
  if (website && !testWebsiteUrl && productUseCase === 'WebsiteWithTest')
    yield hint(
      'TEST_WEBSITE_MISSING',
      'website.testWebsiteUrl',
      'The use case is a test site, and it is not named.',
    );
  if (testWebsiteUrl && !(testWebsiteUsername && testWebsitePassword))
    yield hint(
      'TEST_WEBSITE_CREDENTIALS_MISSING',
      'website.testWebsiteUsername',
      'If the test site asks for a user name and a password, the order waits for them.',
    );
  if (testWebsiteUrl && !/^https:\/\/\S+$/.test(testWebsiteUrl))
    yield hint(
      'TEST_WEBSITE_URL',
      'website.testWebsiteUrl',
      'Should be an https URL without spaces; whether spaces are cut off is not documented.',
    );
}

function* logoHints({ salesUnitLogo }: Input): Generator<Hint> {
  if (!salesUnitLogo) return;
  const size = readPngSize(salesUnitLogo);
  if (!size) {
    yield hint(
      'LOGO_NOT_PNG',
      'salesUnitLogo',
      'Not a PNG in base64 (without `data:`), so it will not be shown.',
    );
    return;
  }
  const { width, height } = size;
  if (Math.min(width, height) < SMALLEST_LOGO || Math.max(width, height) > LARGEST_LOGO)
    yield hint(
      'LOGO_SIZE',
      'salesUnitLogo',
      `Has ${width} × ${height} pixels, so it will not be shown: each side must have ${SMALLEST_LOGO} to ${LARGEST_LOGO}.`,
    );
  else if (width !== height) yield hint('LOGO_NOT_SQUARE', 'salesUnitLogo', 'A square logo is preferred.');
}

function* purposeHints(request: Input): Generator<Hint> {
  const { intendedPurpose, merchantCategoryCode, pricePackageId, productType } = request;
  if (!intendedPurpose?.trim())
    yield hint(
      'INTENDED_PURPOSE_MISSING',
      'intendedPurpose',
      'Say in a sentence what is sold: too little about it is a usual cause of delay.',
    );
  if (merchantCategoryCode != null && !/^(?!0000)[0-9]{4}$/.test(merchantCategoryCode))
    yield hint(
      'MERCHANT_CATEGORY_CODE_SHAPE',
      'merchantCategoryCode',
      'A merchant category code has four digits, zeros included; an unknown one is ignored without a word.',
    );
  if (pricePackageId && !priced.includes(productType))
    yield hint(
      'PRICE_PACKAGE_NOT_FOR_PRODUCT',
      'pricePackageId',
      'Only PAYMENT_INTEGRATION, CASHIER and CHECKOUT have price packages.',
    );
}

/** What the partner's own price packages tell. */
export function pricePackageHints(request: Input, packages: readonly PricePackage[]): Hint[] {
  const { pricePackageId, productType, businessIdentifier } = request;
  if (!pricePackageId || !priced.includes(productType)) return [];
  const id = pricePackageId.toLowerCase();
  const found = packages.find((candidate) => candidate.pricePackageId.toLowerCase() === id);
  if (!found)
    return [hint('PRICE_PACKAGE_UNKNOWN', 'pricePackageId', 'The keys see no price package with this id.')];
  const hints: Hint[] = [];
  if (found.productType && found.productType !== 'UNKNOWN' && found.productType !== productType)
    hints.push(
      hint('PRICE_PACKAGE_OTHER_PRODUCT', 'pricePackageId', `The price package is for ${found.productType}.`),
    );
  const market = marketOf(businessIdentifier.scheme);
  if (found.market && found.market !== 'UNKNOWN' && market && found.market !== market)
    hints.push(
      hint(
        'PRICE_PACKAGE_OTHER_MARKET',
        'pricePackageId',
        `The price package is for the market ${found.market}.`,
      ),
    );
  return hints;
}

/** The country in a scheme such as `business:NO:ORG`. */
function marketOf(scheme: string): string | undefined {
  return /^business:(NO|DK|FI):/.exec(scheme)?.[1];
}
