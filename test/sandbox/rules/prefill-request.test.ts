import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { createContractCheck } from '../../support/contract.ts';
import type { ApiHeaders } from '../client.ts';
import { signIn } from '../client.ts';
import { order, smallest } from '../ordering.ts';

let check: (exchange: Exchange) => string[];
let exchanges: Exchange[] = [];
let sandbox: Sandbox;
let headers: ApiHeaders;

beforeAll(async () => {
  check = await createContractCheck();
  sandbox = await startSandbox({ latencyMs: 0, onExchange: (exchange) => exchanges.push(exchange) });
  headers = await signIn(sandbox);
});
afterAll(() => sandbox.close());

const names = (json: { extraDetails: { name: string }[] }) => json.extraDetails.map(({ name }) => name);
const identifier = smallest.businessIdentifier;
const https = 'https://example.com';

const good: Record<string, unknown[]> = {
  businessIdentifier: [
    { ...identifier, id: '1-34' },
    { ...identifier, scheme: 'x'.repeat(10) },
    { ...identifier, more: 1 },
  ],
  productType: ['PAYMENT_INTEGRATION', 'CASHIER', 'CHECKOUT', 'LOGIN', 'DONATIONS'],
  salesUnitName: [null, 'a', 'Bjørk + co', 'é: 1/2 <3>; [x]^*?@=`\\_', '𐐷'.repeat(40)],
  salesUnitLogo: [null, '', 'SXQgaXMgbm8gcGljdHVyZQ=='],
  settlementBankAccount: [
    null,
    { scheme: 'BBAN:', id: '123456789' },
    { scheme: 'BBAN:NO', id: '1'.repeat(34) },
  ],
  pricePackageId: [null, '8A11AFB7-c223-48ed-8ca6-4722b97261aa'],
  productUseCase: [null, 'Website', 'WebsiteWithTest', 'App', 'Unknown'],
  annualTurnover: [null, 0, 999_999_999, 1e3],
  annualTurnoverPercentage: [null, '10', '90', '100'],
  intendedPurpose: [null, '', 'x'.repeat(5000)],
  app: [null, { appName: '' }],
  website: [
    null,
    { url: https, termsUrl: 'https://' },
    {
      url: https,
      termsUrl: https,
      testWebsiteUrl: null,
      testWebsiteUsername: null,
      testWebsitePassword: 'x',
    },
  ],
  hasRecurring: [null, true, false],
  merchantCategoryCode: [null, '0000', '5942', 0, 5942, 9999],
  unheardOf: [null, 1, {}],
};

const bad: [field: string, value: unknown][] = [
  ...[null, 'x', []].map((value): [string, unknown] => ['businessIdentifier', value]),
  ['businessIdentifier.scheme', { id: identifier.id }],
  ['businessIdentifier.scheme', { ...identifier, scheme: 'x'.repeat(9) }],
  ['businessIdentifier.scheme', { ...identifier, scheme: 'x'.repeat(31) }],
  ...[undefined, '123', '1'.repeat(51), 'NO123456785', '923609016\n', 923609016, null].map(
    (id): [string, unknown] => ['businessIdentifier.id', { ...identifier, id }],
  ),
  ...['', 'login', 'VIPPS_CHECKOUT', null, 1].map((value): [string, unknown] => ['productType', value]),
  ...['', 'x'.repeat(41), 'Bjørk & co', "it's", 'a"b', '50 %', '#1', 'oh!', 'a~b', '😀', 7].map(
    (value): [string, unknown] => ['salesUnitName', value],
  ),
  ['salesUnitLogo', 1],
  ['settlementBankAccount', 'NO9386011117947'],
  ['settlementBankAccount.scheme', { scheme: 'BBAN', id: '123456789' }],
  ['settlementBankAccount.scheme', { scheme: 'x'.repeat(21), id: '123456789' }],
  ...['12345678', '1'.repeat(35), 'NO9386011117947', '8601.11.17947', 86011117947].map(
    (id): [string, unknown] => ['settlementBankAccount.id', { scheme: 'BBAN:NO', id }],
  ),
  ...['', 'x', 1].map((value): [string, unknown] => ['pricePackageId', value]),
  ...['', 'website', 1].map((value): [string, unknown] => ['productUseCase', value]),
  ...[-1, 1_000_000_000, 1.5, '1000'].map((value): [string, unknown] => ['annualTurnover', value]),
  ...['0', '00', '5', '55', '110', '50%', 50].map((value): [string, unknown] => [
    'annualTurnoverPercentage',
    value,
  ]),
  ['intendedPurpose', 1],
  ['app', 'x'],
  ['app.appName', {}],
  ['app.appName', { appName: null }],
  ['website', https],
  ['website.url', { termsUrl: https }],
  ['website.url', { url: 'http://example.com', termsUrl: https }],
  ['website.termsUrl', { url: https, termsUrl: null }],
  ['website.testWebsiteUrl', { url: https, termsUrl: https, testWebsiteUrl: 1 }],
  ['hasRecurring', 'true'],
  ...['', '594', '59420', 'abcd', -1, 10_000, 59.42, true].map((value): [string, unknown] => [
    'merchantCategoryCode',
    value,
  ]),
];

/** What the contract says against the request that was sent last. */
const contractSays = () =>
  check(exchanges.at(-1) as Exchange).filter((violation) => violation.includes(': request'));

describe('an order is taken exactly when the contract allows it', () => {
  it.each(Object.keys(good))('with every good %s', async (field) => {
    for (const value of good[field] ?? []) {
      const { status, json } = await order(sandbox, headers, { ...smallest, [field]: value });
      expect([value, status, json.extraDetails]).toEqual([value, 201, undefined]);
      expect(contractSays()).toEqual([]);
    }
  });

  it.each(bad)('not with a bad %s: %j', async (name, value) => {
    exchanges = [];
    const [field = ''] = name.split('.');
    const { status, contentType, json } = await order(sandbox, headers, { ...smallest, [field]: value });
    expect([status, contentType]).toEqual([400, 'application/problem+json']);
    expect(names(json)).toContain(name);
    expect(new Set(names(json)).size).toBe(1);
    expect(contractSays()).not.toEqual([]);
  });

  it.each(['', '{', 'null', '[]', '"x"', '1'])('not with a body that is no object: %j', async (body) => {
    expect((await order(sandbox, headers, body)).status).toBe(400);
  });
});

it('names everything that is wrong at once, in one problem', async () => {
  const { json } = await order(sandbox, headers, {
    businessIdentifier: { scheme: 'x' },
    salesUnitName: '#',
    website: { url: 'ftp://x' },
    hasRecurring: 1,
  });
  expect(names(json)).toEqual([
    'businessIdentifier.scheme',
    'businessIdentifier.id',
    'productType',
    'salesUnitName',
    'website.url',
    'website.termsUrl',
    'hasRecurring',
  ]);
  for (const { name, reason } of json.extraDetails) expect(json.detail).toContain(`${name} ${reason}`);
});
