import { describe, expect, it } from 'vitest';
import { hintsOf } from '../../src/resolvers/hints/hints.ts';
import { pricePackageHints } from '../../src/resolvers/hints/price-package-hints.ts';
import { png } from '../support/png.ts';

/** An order that leaves nothing to say. */
const sound = {
  businessIdentifier: { scheme: 'business:NO:ORG', value: '123456785' },
  productType: 'PAYMENT_INTEGRATION',
  settlementBankAccount: { scheme: 'BBAN:NO', value: '86011117947' },
  productUseCase: 'Website',
  intendedPurpose: 'Gym memberships.',
  website: { url: 'https://example.com', termsUrl: 'https://example.com/terms' },
  merchantCategoryCode: '7997',
  salesUnitLogo: png(200, 200),
} as const;
type Order = Parameters<typeof hintsOf>[0];
const hints = (changes: object) =>
  hintsOf({ ...sound, ...changes } as Order).map(({ code, field }) => `${code} ${field.join('.')}`);

const business = (scheme: string, id: string) => ({
  businessIdentifier: { scheme, value: id },
  settlementBankAccount: null,
});
const account = (scheme: string, id: string) => ({
  businessIdentifier: { scheme: `business:${scheme.slice(5)}:`, value: '1' },
  settlementBankAccount: { scheme, value: id },
});
const withTest = { url: 'https://a.example', termsUrl: 'https://a.example/t' };

describe('an order that is in order', () => {
  it('has no hints', () => expect(hints({})).toEqual([]));

  // Numbers of the registers, and numbers computed by their rules.
  it.each([
    ['business:NO:ORG', '988077917'],
    ['business:NO:ORG', '987654325'],
    ['business:DK:CVR', '13748136'],
    ['business:DK:CVR', '13585628'],
    ['business:DK:CVR', '16427888'],
    ['business:FI:Y-tunnus', '1366959-8'],
    ['business:FI:Y-tunnus', '0112038-9'],
  ])('knows %s %s', (scheme, id) => expect(hints(business(scheme, id))).toEqual([]));

  it.each([
    ['BBAN:NO', '86011117947'],
    ['BBAN:DK', '00400440116243'],
    ['BBAN:FI', '12345600000785'],
    ['BBAN:FI', '42345670000081'],
  ])('knows the account %s %s', (scheme, id) =>
    expect(hints(account(scheme, id)).filter((hint) => hint.startsWith('BANK'))).toEqual([]),
  );

  it('takes any size from 100 to 1000 pixels', () => {
    for (const side of [100, 1000]) expect(hints({ salesUnitLogo: png(side, side) })).toEqual([]);
  });
});

describe('a hint', () => {
  const rows: [hint: string, changes: object][] = [
    ['BUSINESS_ID_CHECK businessIdentifier.value', business('business:NO:ORG', '987654321')],
    ['BUSINESS_ID_CHECK businessIdentifier.value', business('business:NO:ORG', '000000000')],
    ['BUSINESS_ID_CHECK businessIdentifier.value', business('business:DK:CVR', '00000000')],
    ['BUSINESS_ID_CHECK businessIdentifier.value', business('business:FI:Y-tunnus', '0000000-0')],
    ['BUSINESS_ID_CHECK businessIdentifier.value', business('business:NO:ORG', '9876543221')],
    ['BUSINESS_ID_CHECK businessIdentifier.value', business('business:DK:CVR', '13585629')],
    ['BUSINESS_ID_CHECK businessIdentifier.value', business('business:FI:Y-tunnus', '1366959-7')],
    ['BUSINESS_ID_CHECK businessIdentifier.value', business('business:FI:Y-tunnus', '13669598')],
    ['BUSINESS_SCHEME_UNKNOWN businessIdentifier.scheme', business('business:SE:ORGNR', '5560360793')],
    [
      'BANK_ACCOUNT_CHECK settlementBankAccount.value',
      { settlementBankAccount: { scheme: 'BBAN:NO', value: '86011117948' } },
    ],
    [
      'BANK_ACCOUNT_CHECK settlementBankAccount.value',
      { settlementBankAccount: { scheme: 'BBAN:NO', value: '860111179471' } },
    ],
    [
      'BANK_ACCOUNT_SCHEME_UNKNOWN settlementBankAccount.scheme',
      { settlementBankAccount: { scheme: 'BBAN:SE', value: '123456789' } },
    ],
    [
      'BANK_ACCOUNT_OTHER_COUNTRY settlementBankAccount.scheme',
      { settlementBankAccount: { scheme: 'BBAN:FI', value: '12345600000785' } },
    ],
    ['WEBSITE_MISSING website', { website: null, productUseCase: null }],
    ['WEBSITE_MISSING website', { website: null, productType: 'CASHIER' }],
    ['APP_MISSING app', { productUseCase: 'App' }],
    [
      'TERMS_URL_IS_WEBSITE website.termsUrl',
      { website: { url: 'https://a.example', termsUrl: 'https://a.example' } },
    ],
    ['TEST_WEBSITE_MISSING website.testWebsiteUrl', { productUseCase: 'WebsiteWithTest', website: withTest }],
    [
      'TEST_WEBSITE_CREDENTIALS_MISSING website.testWebsiteUsername',
      { website: { ...withTest, testWebsiteUrl: 'https://t.example', testWebsiteUsername: 'u' } },
    ],
    [
      'TEST_WEBSITE_URL website.testWebsiteUrl',
      {
        website: {
          ...withTest,
          testWebsiteUrl: 'https://t.example ',
          testWebsiteUsername: 'u',
          testWebsitePassword: 'p',
        },
      },
    ],
    ['LOGO_NOT_PNG salesUnitLogo', { salesUnitLogo: Buffer.from('GIF89a, not a PNG').toString('base64') }],
    ['LOGO_NOT_PNG salesUnitLogo', { salesUnitLogo: `data:image/png;base64,${png(200, 200)}` }],
    ['LOGO_NOT_PNG salesUnitLogo', { salesUnitLogo: png(200, 200).slice(0, 20) }],
    ['LOGO_SIZE salesUnitLogo', { salesUnitLogo: png(99, 99) }],
    ['LOGO_SIZE salesUnitLogo', { salesUnitLogo: png(1001, 500) }],
    ['LOGO_NOT_SQUARE salesUnitLogo', { salesUnitLogo: png(300, 200) }],
    ['MERCHANT_CATEGORY_CODE_SHAPE merchantCategoryCode', { merchantCategoryCode: '763' }],
    ['MERCHANT_CATEGORY_CODE_SHAPE merchantCategoryCode', { merchantCategoryCode: '0000' }],
    ['INTENDED_PURPOSE_MISSING intendedPurpose', { intendedPurpose: undefined }],
    ['INTENDED_PURPOSE_MISSING intendedPurpose', { intendedPurpose: '  ' }],
    [
      'PRICE_PACKAGE_NOT_FOR_PRODUCT pricePackageId',
      { productType: 'LOGIN', pricePackageId: '8a11afb7-c223-48ed-8ca6-4722b97261aa' },
    ],
  ];
  it.each(rows)('%s', (expected, changes) => expect(hints(changes)).toEqual([expected]));

  it('finds the wrong digit wherever it stands in a Norwegian or Finnish number', () => {
    for (const [scheme, id] of [
      ['business:NO:ORG', '988077917'],
      ['business:FI:Y-tunnus', '1366959-8'],
    ] as const)
      for (const place of [...id].keys()) {
        const digit = id[place] ?? '';
        if (digit === '-') continue;
        const wrong = id.slice(0, place) + ((Number(digit) + 1) % 10) + id.slice(place + 1);
        expect(hints(business(scheme, wrong)), wrong).toEqual(['BUSINESS_ID_CHECK businessIdentifier.value']);
      }
  });

  it('stands for all ten numbers whose check digit would be 10, since none is given out', () => {
    for (let check = 0; check < 10; check++)
      expect(hints(business('business:NO:ORG', `98807795${check}`))).toHaveLength(1);
  });

  it('of a Norwegian account with 00 in places 5 and 6 counts from place 7', () => {
    const digitsThatFit = [...Array(10).keys()].filter((check) =>
      hints(account('BBAN:NO', `1234005678${check}`)).every((hint) => !hint.startsWith('BANK')),
    );
    // 5·5 + 6·4 + 7·3 + 8·2 = 86, which leaves 9: the check digit is 2.
    expect(digitsThatFit).toEqual([2]);
  });
});

describe('a price package', () => {
  const packages = [
    {
      pricePackageId: '8a11afb7-c223-48ed-8ca6-4722b97261aa',
      name: 'Online',
      description: '2.99%',
      productType: 'PAYMENT_INTEGRATION',
      market: 'NO',
      visibleInSignupForm: true,
      commission: null,
    },
  ] as const;
  const about = (changes: object) =>
    pricePackageHints(
      { ...sound, pricePackageId: packages[0].pricePackageId, ...changes } as Order,
      packages,
    ).map(({ code }) => code);

  it('that fits is not spoken of', () => expect(about({})).toEqual([]));
  it('is found whatever the case of its id', () =>
    expect(about({ pricePackageId: packages[0].pricePackageId.toUpperCase() })).toEqual([]));
  it('that the keys do not see', () =>
    expect(about({ pricePackageId: '00000000-c223-48ed-8ca6-4722b97261aa' })).toEqual([
      'PRICE_PACKAGE_UNKNOWN',
    ]));
  it('of another product', () =>
    expect(about({ productType: 'CASHIER' })).toEqual(['PRICE_PACKAGE_OTHER_PRODUCT']));
  it('of another market', () =>
    expect(about(business('business:DK:CVR', '13585628'))).toEqual(['PRICE_PACKAGE_OTHER_MARKET']));
});
