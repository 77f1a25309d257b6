import { expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { signIn } from '../client.ts';
import { order } from '../ordering.ts';

const whole = {
  businessIdentifier: { scheme: 'business:NO:ORG', id: '923609016' },
  productType: 'PAYMENT_INTEGRATION',
  salesUnitName: 'Kaffebar',
  salesUnitLogo: 'x',
  settlementBankAccount: { scheme: 'BBAN:NO', id: '86011117947' },
  pricePackageId: crypto.randomUUID(),
  productUseCase: 'Website',
  annualTurnover: 5,
  annualTurnoverPercentage: '10',
  intendedPurpose: 'Coffee',
  app: { appName: 'Kaffe' },
  website: {
    url: 'https://example.com',
    termsUrl: 'https://example.com/terms',
    testWebsiteUrl: 'https://test.example.com',
    testWebsiteUsername: 'test',
    testWebsitePassword: 'hemmelig',
  },
  hasRecurring: true,
  merchantCategoryCode: '5942',
};

it('keeps every known field of an order, and nothing else of what it says', async () => {
  await using sandbox = await startSandbox({ units: 1, latencyMs: 0 });
  const headers = await signIn(sandbox);
  const { businessIdentifier, settlementBankAccount, app, website } = whole;
  const extra = { more: Array.from({ length: 1000 }, () => ({})) };
  const asked = {
    ...whole,
    ...extra,
    businessIdentifier: { ...businessIdentifier, ...extra },
    settlementBankAccount: { ...settlementBankAccount, ...extra },
    app: { ...app, ...extra },
    website: { ...website, ...extra },
  };
  const kept = async (body: object) => {
    const { json } = await order(sandbox, headers, body);
    return sandbox.data.orders.find(({ id }) => id === json.prefilledOrderId)?.request;
  };
  expect(await kept(asked)).toEqual(whole);
  // What was left out stays left out, and null stays null.
  const least = { businessIdentifier, productType: 'LOGIN', website: null };
  expect(await kept({ ...least, ...extra })).toStrictEqual(least);
});
