import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Exchange } from '../../../src/sandbox/http/exchange.ts';
import { checkPrefillRequest } from '../../../src/sandbox/rules/check-prefill-request.ts';
import { createContractCheck } from '../../support/contract.ts';
import { smallest } from '../ordering.ts';

const template = '/management/v1/product-orders';
const requestHeaders = {
  authorization: 'Bearer x',
  'ocp-apim-subscription-key': 'x',
  'content-type': 'application/json',
  'idempotency-key': 'x',
};

// Values near the limits, since a wholly random one nearly always fails for the same reason.
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 45 }),
  fc.stringMatching(/^[ -~]{1,3}$/),
  fc.stringMatching(/^\d{1,12}$/),
  fc.constantFrom('https://x', 'http://x', '10', '100', 'LOGIN', 'App', 'BBAN:NO', 'business:NO:ORG', '0000'),
  fc.uuid(),
);
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.integer({ min: -1, max: 10_001 }),
  fc.boolean(),
  fc.constant(null),
);
const near = fc.oneof(
  scalar,
  fc.record({ scheme: scalar, id: scalar }, { requiredKeys: [] }),
  fc.record({ appName: scalar }, { requiredKeys: [] }),
  fc.record({ url: scalar, termsUrl: scalar, testWebsiteUrl: scalar }, { requiredKeys: [] }),
);
const fields = [
  'businessIdentifier',
  'productType',
  'salesUnitName',
  'settlementBankAccount',
  'pricePackageId',
  'productUseCase',
  'annualTurnover',
  'annualTurnoverPercentage',
  'intendedPurpose',
  'app',
  'website',
  'hasRecurring',
  'merchantCategoryCode',
];

it('takes and refuses any order as a validator of the contract does', async () => {
  const check = await createContractCheck();
  const contractTakes = (body: object) => {
    const exchange: Exchange = {
      method: 'POST',
      path: template,
      template,
      requestHeaders,
      requestBody: Buffer.from(JSON.stringify(body)),
      status: null,
      responseHeaders: {},
      responseBody: Buffer.alloc(0),
      faulted: false,
    };
    return check(exchange).length === 0;
  };
  expect(contractTakes(smallest)).toBe(true);
  fc.assert(
    fc.property(fc.constantFrom(...fields), near, (field, value) => {
      const body = { ...smallest, [field]: value };
      expect(checkPrefillRequest(body, '').length === 0).toBe(contractTakes(body));
    }),
    { numRuns: 5000 },
  );
});
