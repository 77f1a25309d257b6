import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

const MUTATION = `mutation($input: PrefillProductOrderInput!) {
  prefillProductOrder(input: $input) { prefillUrl userErrors { code field } hints { code field } }
}`;
interface Finding {
  readonly code: string;
  readonly field: readonly string[];
}
interface Data {
  prefillProductOrder: { prefillUrl: string | null; userErrors: Finding[]; hints: Finding[] };
}
const base = {
  businessIdentifier: { scheme: 'business:NO:ORG', value: '123456785' },
  productType: 'PAYMENT_INTEGRATION',
  intendedPurpose: 'Coffee',
};
const site = { url: 'https://example.com', termsUrl: 'https://example.com/terms' };

async function order(changes: object) {
  const bodies: string[] = [];
  await using gateway = await startTestGateway({
    sandbox: {
      onExchange: ({ method, requestBody }) => method === 'POST' && bodies.push(String(requestBody)),
    },
  });
  const { data, errors } = await gateway.query<Data>(MUTATION, {
    input: { ...base, website: site, ...changes },
  });
  expect(errors).toBeUndefined();
  const { userErrors = [], hints = [], prefillUrl } = data?.prefillProductOrder ?? {};
  const names = [...userErrors, ...hints].map(({ code, field }) => `${code} ${field.slice(1).join('.')}`);
  return { names, prefillUrl, body: bodies.at(-1) };
}

describe('a value that is wrong', () => {
  it.each([
    [
      'an account with spaces',
      { settlementBankAccount: { scheme: 'BBAN:NO', value: '8601 11 17947' } },
      'INVALID_FORMAT settlementBankAccount.value',
    ],
    [
      'a business number with spaces',
      { businessIdentifier: { scheme: 'business:NO:ORG', value: '123 456 785' } },
      'INVALID_FORMAT businessIdentifier.value',
    ],
    ['a category code of letters', { merchantCategoryCode: '12ab' }, 'INVALID_FORMAT merchantCategoryCode'],
  ])('has one finding: %s', async (_what, changes, finding) => {
    const { names, prefillUrl } = await order(changes);
    expect([names, prefillUrl]).toEqual([[finding], null]);
  });
});

describe('a website', () => {
  it.each([
    'https://exa mple.com',
    'https://example.com/a b',
    'https://',
    'https://[',
    'https://example.com:99999',
    'http://example.com',
    ' https://example.com',
    'https//example.com',
    'example.com',
  ])('must have a URL: %s', async (url) => {
    const { names, prefillUrl } = await order({ website: { ...site, url } });
    expect([names, prefillUrl]).toEqual([['INVALID_FORMAT website.url'], null]);
  });

  it.each([
    'HTTPS://example.com',
    'https://example.com',
    'https://kjøtt.example/å',
    'https://example.com/?a=b#c',
  ])('may have the URL %s, whose scheme has no case', async (url) => {
    const { names, prefillUrl, body } = await order({ website: { ...site, url } });
    expect([names, typeof prefillUrl]).toEqual([[], 'string']);
    expect(JSON.parse(body ?? '').website.url).toBe(url.replace('HTTPS', 'https'));
  });
});
