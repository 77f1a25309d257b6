import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { POST, PREFILL_MANY, prefill, remove, smallest } from './ordering.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const business = (changes: object) => ({
  businessIdentifier: { ...smallest.businessIdentifier, ...changes },
});
const account = (changes: object) => ({
  settlementBankAccount: { scheme: 'BBAN:NO', value: '86011117947', ...changes },
});
const website = (changes: object) => ({
  website: { url: 'https://example.com', termsUrl: 'https://example.com/terms', ...changes },
});
const notInNames = ['&', "'", '"', '!', '%', '#', '~', '|', '{', '}', '€', '’', '😀', '\u0000'];
const notUrls = ['http://example.com', 'ftp://example.com', '', ' https://example.com'];

const rows: [what: string, changes: object, field: string, code: string][] = [
  ['a scheme of 9 characters', business({ scheme: 'business:' }), 'businessIdentifier.scheme', 'TOO_SHORT'],
  ['no scheme at all', business({ scheme: '' }), 'businessIdentifier.scheme', 'TOO_SHORT'],
  ['a scheme of 31', business({ scheme: 'b'.repeat(31) }), 'businessIdentifier.scheme', 'TOO_LONG'],
  [
    'a scheme of 31 surrogate pairs',
    business({ scheme: '𝔟'.repeat(31) }),
    'businessIdentifier.scheme',
    'TOO_LONG',
  ],
  ['a number of 3 digits', business({ value: '123' }), 'businessIdentifier.value', 'INVALID_FORMAT'],
  ['a number of 51', business({ value: '1'.repeat(51) }), 'businessIdentifier.value', 'INVALID_FORMAT'],
  ['a number with a letter', business({ value: '12345678A' }), 'businessIdentifier.value', 'INVALID_FORMAT'],
  ['a number with a space', business({ value: '123 456 785' }), 'businessIdentifier.value', 'INVALID_FORMAT'],
  [
    'a number with a line break',
    business({ value: '123456785\n' }),
    'businessIdentifier.value',
    'INVALID_FORMAT',
  ],
  [
    'digits of another script',
    business({ value: '١٢٣٤٥٦٧٨٥' }),
    'businessIdentifier.value',
    'INVALID_FORMAT',
  ],
  ['no number', business({ value: '' }), 'businessIdentifier.value', 'INVALID_FORMAT'],
  ['an unknown product type', { productType: 'UNKNOWN' }, 'productType', 'INVALID_FORMAT'],
  ['an empty name', { salesUnitName: '' }, 'salesUnitName', 'TOO_SHORT'],
  ['a name of 41 characters', { salesUnitName: 'n'.repeat(41) }, 'salesUnitName', 'TOO_LONG'],
  ...notInNames.map((sign): (typeof rows)[number] => [
    `a name with ${JSON.stringify(sign)}`,
    { salesUnitName: `A ${sign} B` },
    'salesUnitName',
    'INVALID_FORMAT',
  ]),
  [
    'an account scheme of 4 characters',
    account({ scheme: 'BBAN' }),
    'settlementBankAccount.scheme',
    'TOO_SHORT',
  ],
  [
    'an account scheme of 21',
    account({ scheme: 'B'.repeat(21) }),
    'settlementBankAccount.scheme',
    'TOO_LONG',
  ],
  ['an account of 8 digits', account({ value: '12345678' }), 'settlementBankAccount.value', 'INVALID_FORMAT'],
  ['an account of 35', account({ value: '1'.repeat(35) }), 'settlementBankAccount.value', 'INVALID_FORMAT'],
  ['an IBAN', account({ value: 'NO9386011117947' }), 'settlementBankAccount.value', 'INVALID_FORMAT'],
  [
    'an account with dots',
    account({ value: '8601.11.17947' }),
    'settlementBankAccount.value',
    'INVALID_FORMAT',
  ],
  ['a price package that is not a UUID', { pricePackageId: 'standard' }, 'pricePackageId', 'INVALID_FORMAT'],
  [
    'a price package without hyphens',
    { pricePackageId: '8a11afb7c22348ed8ca64722b97261aa' },
    'pricePackageId',
    'INVALID_FORMAT',
  ],
  [
    'a price package in braces',
    { pricePackageId: '{8a11afb7-c223-48ed-8ca6-4722b97261aa}' },
    'pricePackageId',
    'INVALID_FORMAT',
  ],
  ['a turnover below 0', { annualTurnover: -1 }, 'annualTurnover', 'OUT_OF_RANGE'],
  ['a turnover of a billion', { annualTurnover: 1_000_000_000 }, 'annualTurnover', 'OUT_OF_RANGE'],
  ...['', '0', '5', '15', '110', '050', '50%', ' 50', '50\n', '1000'].map((share): (typeof rows)[number] => [
    `a share of ${JSON.stringify(share)}`,
    { annualTurnoverPercentage: share },
    'annualTurnoverPercentage',
    'INVALID_FORMAT',
  ]),
  ...notUrls.flatMap((url): typeof rows => [
    [`a site at ${JSON.stringify(url)}`, website({ url }), 'website.url', 'INVALID_FORMAT'],
    [`terms at ${JSON.stringify(url)}`, website({ termsUrl: url }), 'website.termsUrl', 'INVALID_FORMAT'],
  ]),
  ...['', '12345', 'food', '12.4', -1, '5942 '].map((code): (typeof rows)[number] => [
    `a category code ${JSON.stringify(code)}`,
    { merchantCategoryCode: code },
    'merchantCategoryCode',
    'INVALID_FORMAT',
  ]),
  ...['', 'k'.repeat(51), 'k'.repeat(300), 'a b', 'a_b', 'æ', 'a\r\nX-Evil: 1', 'a\u0000'].map(
    (key): (typeof rows)[number] => [
      `a key ${JSON.stringify(key.slice(0, 20))} of ${key.length}`,
      { idempotencyKey: key },
      'idempotencyKey',
      'INVALID_FORMAT',
    ],
  ),
];

describe(`each rule of the contract (${rows.length} broken inputs)`, () => {
  it.each(rows)('reports %s without a call', async (_what, changes, field, code) => {
    const { data, errors } = await prefill(gateway, changes);
    expect(errors).toBeUndefined();
    expect(data?.prefillProductOrder.productOrder).toBeNull();
    expect(data?.prefillProductOrder.userErrors.map((error) => [error.field.join('.'), error.code])).toEqual([
      [`input.${field}`, code],
    ]);
    expect(gateway.sandbox.stats().calls).toEqual({});
  });

  it('reports all errors at once', async () => {
    const { data } = await prefill(gateway, {
      ...business({ scheme: '', value: '' }),
      salesUnitName: `${'n'.repeat(41)}&`,
      annualTurnover: -1,
      ...website({ url: 'x', termsUrl: 'x' }),
      idempotencyKey: '',
    });
    expect(data?.prefillProductOrder.userErrors.map(({ field }) => field.slice(1).join('.'))).toEqual([
      'businessIdentifier.scheme',
      'businessIdentifier.value',
      'salesUnitName',
      'salesUnitName',
      'annualTurnover',
      'website.url',
      'website.termsUrl',
      'idempotencyKey',
    ]);
  });

  it('never echoes a value', async () => {
    const answer = await prefill(gateway, { salesUnitName: 'hunter2&', ...account({ value: 'hunter3' }) });
    expect(JSON.stringify(answer)).not.toMatch(/hunter/);
  });

  it('reports which of several inputs an error is about', async () => {
    const inputs = [smallest, { ...smallest, salesUnitName: '' }];
    const { data } = await gateway.query<{
      prefillProductOrders: { results: { userErrors: { field: string[] }[] }[] };
    }>(PREFILL_MANY, { inputs: inputs.map((input) => ({ ...input, dryRun: true })) });
    expect(data?.prefillProductOrders.results.map(({ userErrors }) => userErrors)).toMatchObject([
      [],
      [{ field: ['inputs', '1', 'salesUnitName'] }],
    ]);
  });

  it('rejects an invalid id to delete', async () => {
    const { data } = await remove(gateway, '../sales-units');
    expect(data?.deleteProductOrder.userErrors).toMatchObject([
      { code: 'INVALID_FORMAT', field: ['input', 'productOrderId'] },
    ]);
    expect(gateway.sandbox.stats().calls).toEqual({});
  });
});

describe('an input that the upstream accepts', () => {
  const accepted: [what: string, changes: object][] = [
    ['the signs that the published pattern lets through', { salesUnitName: '/:;,<=>?@[]^*()+-_.`\\ æØ9' }],
    ['40 surrogate pairs', { salesUnitName: '𝔟'.repeat(40) }],
    ['an unlisted scheme', business({ scheme: 'business:SE:ORGNR', value: '5560360793' })],
    ['a number of ten digits, as published', business({ value: '9876543221' })],
    ['a logo that is not a PNG', { salesUnitLogo: 'VGhpcyBpcyBub3QgYSBQTkc=' }],
    ['a category code that is a number', { merchantCategoryCode: 5942 }],
    ['a category code that has lost its zero', { merchantCategoryCode: 763 }],
    ['a test site with a space behind it', website({ testWebsiteUrl: 'https://example.com/test ' })],
    ['no value for all that needs none', { salesUnitName: null, website: null, hasRecurring: null }],
    ['an upper-case UUID', { pricePackageId: '8A11AFB7-C223-48ED-8CA6-4722B97261AA' }],
    ['the ends of the turnover', { annualTurnover: 999_999_999, annualTurnoverPercentage: '100' }],
    ['texts without a limit', { intendedPurpose: 'x'.repeat(20_000) }],
  ];
  it.each(accepted)('is never rejected: %s', async (_what, changes) => {
    await using own = await startTestGateway();
    const { data, errors } = await prefill(own, changes);
    expect([errors, data?.prefillProductOrder.userErrors]).toEqual([undefined, []]);
    expect(data?.prefillProductOrder.productOrder?.status).toBe('RECEIVED');
    expect(own.sandbox.stats().calls[POST]).toBe(1);
  });

  it('creates no order in a dry run', async () => {
    await using own = await startTestGateway();
    const { data } = await prefill(own, { dryRun: true });
    expect(data?.prefillProductOrder).toMatchObject({ productOrder: null, userErrors: [] });
    expect(own.sandbox.stats().calls).toEqual({});
  });
});
