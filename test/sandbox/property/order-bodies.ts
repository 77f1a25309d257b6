import fc from 'fast-check';

/** A body of POST product-orders, and whether the published limits let it pass. */
export interface OrderBody {
  readonly body: string | Buffer;
  readonly isGood: boolean;
}

const digits = (least: number, most: number) =>
  fc
    .array(fc.constantFrom(...'0123456789'), { minLength: least, maxLength: most })
    .map((all) => all.join(''));
const text = (least: number, most: number) =>
  fc.string({ unit: 'binary', minLength: least, maxLength: most });
// The published pattern has a range by accident, so that these signs pass.
const nameSigns = [...'azAZøÅéßжñ中09 .`()+-_\\/:;,<=>?@[]^*', 'e\u0301'];
const name = fc
  .array(fc.constantFrom(...nameSigns), { minLength: 1, maxLength: 30 })
  .map((signs) => signs.join(''));
const nullOr = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });
const httpsUrl = fc.webUrl({ validSchemes: ['https'] });

/** Every field within its limits; only two are required. */
const goodOrder = fc.record(
  {
    businessIdentifier: fc.record({
      scheme: fc.oneof(
        fc.constantFrom('business:NO:ORG', 'business:DK:CVR', 'business:FI:Y-tunnus'),
        text(10, 30),
      ),
      id: fc.oneof(digits(4, 50), fc.constant('1366959-8'), fc.constant('----')),
    }),
    productType: fc.constantFrom('PAYMENT_INTEGRATION', 'CASHIER', 'CHECKOUT', 'LOGIN', 'DONATIONS'),
    salesUnitName: nullOr(name),
    salesUnitLogo: nullOr(fc.base64String({ maxLength: 200 })),
    settlementBankAccount: nullOr(fc.record({ scheme: text(5, 20), id: digits(9, 34) })),
    pricePackageId: nullOr(fc.uuid()),
    productUseCase: nullOr(fc.constantFrom('Website', 'WebsiteWithTest', 'App', 'Unknown')),
    annualTurnover: nullOr(fc.integer({ min: 0, max: 999_999_999 })),
    annualTurnoverPercentage: nullOr(fc.integer({ min: 1, max: 10 }).map((tens) => `${tens}0`)),
    intendedPurpose: nullOr(text(0, 500)),
    app: nullOr(fc.record({ appName: text(0, 40) })),
    website: nullOr(
      fc.record(
        { url: httpsUrl, termsUrl: httpsUrl, testWebsiteUrl: nullOr(text(0, 40)) },
        { requiredKeys: ['url', 'termsUrl'] },
      ),
    ),
    hasRecurring: nullOr(fc.boolean()),
    merchantCategoryCode: nullOr(fc.oneof(digits(4, 4), fc.integer({ min: 0, max: 9999 }))),
    // What the API does about properties that it does not know is not documented; here they pass.
    complianceData: fc.anything({ maxDepth: 1 }).map((value) => JSON.parse(JSON.stringify(value) ?? 'null')),
  },
  { requiredKeys: ['businessIdentifier', 'productType'] },
);

const identifier = { scheme: 'business:NO:ORG', id: '123456785' };
const account = { scheme: 'BBAN:NO', id: '86011117947' };
const website = { url: 'https://example.com', termsUrl: 'https://example.com/terms' };
const without = undefined;

/** What each field must not be. `undefined` leaves the field out. */
const badValues: Record<string, readonly unknown[]> = {
  businessIdentifier: [
    without,
    null,
    'business:NO:ORG',
    [],
    {},
    5,
    true,
    { scheme: identifier.scheme },
    { id: identifier.id },
    { ...identifier, scheme: 'NO:ORG' },
    { ...identifier, scheme: 'x'.repeat(31) },
    { ...identifier, scheme: 7 },
    { ...identifier, id: '123' },
    { ...identifier, id: '1'.repeat(51) },
    { ...identifier, id: '12345678A' },
    { ...identifier, id: 123456785 },
    { ...identifier, id: null },
  ],
  productType: [
    without,
    null,
    '',
    'payment_integration',
    'VIPPS_PA_NETT',
    0,
    [],
    { toString: 'LOGIN' },
    'toString',
  ],
  salesUnitName: ['', 'x'.repeat(41), "Bob's", 'a&b', '100%', '#1', 'a~b', '٣', 5, [], {}, true],
  salesUnitLogo: [5, {}, [], false],
  settlementBankAccount: [
    'NO9386011117947',
    5,
    [],
    {},
    { id: account.id },
    { scheme: account.scheme },
    { ...account, scheme: 'BBAN' },
    { ...account, scheme: 'x'.repeat(21) },
    { ...account, id: '12345678' },
    { ...account, id: '1'.repeat(35) },
    { ...account, id: 'NO9386011117947' },
    { ...account, id: 86011117947 },
  ],
  pricePackageId: ['', 'x', '8a11afb7-c223-48ed-8ca6-4722b97261a', 5, {}],
  productUseCase: ['', 'website', 'Web', 5, []],
  annualTurnover: [-1, 1_000_000_000, 1.5, '100000', 1e300, [], true],
  annualTurnoverPercentage: ['', '0', '5', '15', '110', '50 %', 50, []],
  intendedPurpose: [5, {}, []],
  app: ['Fitness', [], {}, { appName: null }, { appName: 5 }],
  website: [
    'https://example.com',
    [],
    {},
    { url: website.url },
    { termsUrl: website.termsUrl },
    { ...website, url: 'http://example.com' },
    { ...website, termsUrl: 'example.com' },
    { ...website, url: null },
    { ...website, testWebsiteUrl: 5 },
    { ...website, testWebsiteUsername: {} },
    { ...website, testWebsitePassword: 1 },
  ],
  hasRecurring: ['true', 1, 0, []],
  merchantCategoryCode: ['', '594', '59422', '594A', -1, 10_000, 59.5, true, [], {}],
};
const brokenFields = Object.entries(badValues).flatMap(([field, values]) =>
  values.map((value) => [field, value] as const),
);

const minimal = JSON.stringify({ businessIdentifier: identifier, productType: 'LOGIN' });
const deep = (open: string, close: string) => `${open.repeat(20_000)}0${close.repeat(20_000)}`;
const withProperty = (property: string) => `{${property},${minimal.slice(1)}`;

/** Bodies that are wrong as a whole. */
const badTexts: readonly (string | Buffer)[] = [
  '',
  ' ',
  '{',
  'null',
  '5',
  '"text"',
  '[]',
  '{}',
  'true',
  minimal.slice(0, -1),
  `${minimal}}`,
  `${minimal},`,
  `[${minimal}]`,
  minimal.replaceAll('"', "'"),
  `\uFEFF ${minimal}x`,
  '<order/>',
  'businessIdentifier=1',
  'NaN',
  '1e999',
  deep('[', ']'),
  deep('{"a":', '}'),
  '['.repeat(50_000),
  withProperty('"annualTurnover":1e400'),
  withProperty('"annualTurnover":123456789012345678901234567890'),
  // Properties that an object inherits are not sent.
  '{"__proto__":{"businessIdentifier":{"scheme":"business:NO:ORG","id":"123456785"},"productType":"LOGIN"}}',
  withProperty('"salesUnitName":"\\ud800"'),
  Buffer.concat([
    Buffer.from('{"salesUnitName":"'),
    Buffer.from([0xff, 0xfe, 0xc3]),
    Buffer.from(`",${minimal.slice(1)}`),
  ]),
  Buffer.from(minimal, 'utf16le'),
  Buffer.from([0, 255, 128, 7]),
];

/** Odd, but within the limits. */
const oddTexts: readonly string[] = [
  minimal,
  ` \n${minimal}\r\n`,
  withProperty('"__proto__":{"productType":"x"}'),
  withProperty('"constructor":null'),
  withProperty('"hasOwnProperty":1'),
  withProperty(`"unknown":${deep('[', ']')}`),
  withProperty(`"unknown":${deep('{"a":', '}')}`),
  withProperty('"unknown":1e400'),
  withProperty('"productType":"x"'),
  minimal.replace('LOGIN', '\\u004cOGIN'),
  withProperty(`"intendedPurpose":"${'x'.repeat(200_000)}"`),
];

/** Any body, and whether it is to be taken. */
export const orderBody: fc.Arbitrary<OrderBody> = fc.oneof(
  { weight: 6, arbitrary: goodOrder.map((order) => ({ body: JSON.stringify(order), isGood: true })) },
  {
    weight: 8,
    arbitrary: fc.tuple(goodOrder, fc.constantFrom(...brokenFields)).map(([order, [field, value]]) => ({
      body: JSON.stringify({ ...order, [field]: value }),
      isGood: false,
    })),
  },
  { weight: 3, arbitrary: fc.constantFrom(...badTexts).map((body) => ({ body, isGood: false })) },
  { weight: 1, arbitrary: fc.constantFrom(...oddTexts).map((body) => ({ body, isGood: true })) },
);
