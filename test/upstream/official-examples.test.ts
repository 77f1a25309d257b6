import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { listening } from '../support/raw-http.ts';

// The examples of document 2.0.9, of the guide and of the agent toolkit, written out from their facts: numbers where the
// document says text, a business number of ten digits, a test URL with a space at its end, members that the document does
// not have.
const business = { scheme: 'business:NO:ORG', id: '9876543221' };
const address = { lines: ['BOX 123', '123'], postCode: '0153', city: 'Oslo', countryCode: 'NO' };
const ORDER_ID = '8a11afb7-c223-48ed-8ca6-4722b97261aa';
const PACKAGE_ID = '5e2f4a33-6d2a-4c1a-9b1b-0d6c1a2b3c4d';
const merchant = {
  businessIdentifier: business,
  name: 'ACME Fantastic Fitness AS',
  status: 'ACTIVE',
  businessAddress: address,
  businessPostAddress: address,
  createdAt: '2022-09-02T06:45:25.921251Z',
  updatedAt: null,
  countryCode: 'NO',
};
const order = {
  productOrderId: ORDER_ID,
  productOrderType: 'PREFILL',
  productType: 'PAYMENT_INTEGRATION',
  status: 'COMPLETED',
  businessIdentifier: business,
  productOrderUrl:
    'https://portal.vippsmobilepay.com/register/vippspanett/prefilled/81b83246-5c19-7b94-875b-ea6d1114f099',
  salesUnit: { msn: 123456, name: 'ACME Fantastic Fitness DNB' },
};
const answers: Record<string, unknown> = {
  'POST /accesstoken/get': {
    token_type: 'Bearer',
    expires_in: '86398',
    ext_expires_in: '0',
    expires_on: '1495271273',
    not_before: '1495184574',
    resource: '00000002-0000-0000-c000-000000000000',
    access_token: 'eyJ0eXAiOiJKV1QiLCJhbGciOi',
  },
  'GET /management/v1/sales-units': [
    { msn: 123456, name: 'ACME Fantastic Fitness DNB' },
    { msn: 123457, name: 'ACME Fantastic Fitness Outlet' },
  ],
  'GET /management/v1/sales-units/123456': {
    msn: '123456',
    name: 'ACME Fantastic Fitness DNB',
    businessIdentifier: business,
    configuration: {
      paymentAllowed: true,
      captureType: 'ReserveCapture',
      skipLandingPageAllowed: false,
      recurringAllowed: true,
      partialCaptureAllowed: true,
    },
    settlementBankAccount: { scheme: 'BBAN:NO', id: '86011117947' },
  },
  [`GET /management/v1/merchants/${business.scheme}/${business.id}`]: merchant,
  [`GET /management/v1/merchants/${business.scheme}/${business.id}/sales-units`]: [
    { msn: 123456, name: 'ACME Fantastic Fitness DNB' },
  ],
  'GET /management/v2/product-orders': [
    order,
    { productOrderType: 'TEMPLATE', status: 'RECEIVED', businessIdentifier: business },
    {
      productOrderType: 'MANUAL',
      productType: 'CASHIER',
      status: 'ORDER_SUBMITTED',
      businessIdentifier: business,
    },
  ],
  [`GET /management/v2/product-orders/${ORDER_ID}/details`]: order,
  'GET /management/v1/partners/price-packages': [
    {
      pricePackageId: PACKAGE_ID,
      name: 'Standard',
      description: '2.99%',
      visibleInSignupForm: true,
      productType: 'PAYMENT_INTEGRATION',
      market: 'NO',
      commission: '30 %',
    },
    { pricePackageId: PACKAGE_ID.replace('5', '6'), name: 'X', description: '1.75%' },
  ],
};

/** Every field of every read, by every way to it. */
const EVERYTHING = `
  fragment M on Merchant {
    id name status createdAt updatedAt countryCode businessIdentifier { scheme value }
    businessAddress { lines postCode city countryCode } businessPostAddress { lines postCode city countryCode }
  }
  fragment U on SalesUnit {
    id msn name businessIdentifier { scheme value } merchant { ...M }
    configuration {
      paymentAllowed captureType skipLandingPageAllowed recurringAllowed partialCaptureAllowed lateCaptureAllowed
      landingPagePhoneNumberLocked longLivingPaymentAllowed creditCardPaymentAllowed
    }
  }
  fragment O on ProductOrder {
    id productOrderId type status productType url expiresAt businessIdentifier { scheme value }
    merchant { ...M } salesUnit { id msn name businessIdentifier { value } }
  }
  fragment P on PricePackage { id pricePackageId name description visibleInSignupForm productType market commission }
  query {
    salesUnits(first: 1) { totalCount nodes { ...U } }
    salesUnit(msn: "123456") { ...U productOrder { ...O } }
    merchant(businessIdentifier: { scheme: "${business.scheme}", value: "${business.id}" }) {
      ...M salesUnits { totalCount nodes { id msn name } } productOrders { totalCount nodes { ...O } }
    }
    productOrders { totalCount nodes { ...O } }
    productOrder(productOrderId: "${ORDER_ID}") { ...O }
    pricePackages { ...P }
    pricePackage(pricePackageId: "${PACKAGE_ID}") { ...P }
  }`;

async function ask(changes: Record<string, unknown> = {}) {
  const bodies = { ...answers, ...changes };
  const server = createServer((request, response) => {
    const body = bodies[`${request.method} ${decodeURIComponent(request.url ?? '').split('?')[0]}`];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json;charset=UTF-8' });
    response.end(JSON.stringify(body ?? { title: 'Not Found', status: 404 }));
  });
  await using at = await listening(server);
  await using gateway = await startTestGateway({ upstreamUrl: `http://127.0.0.1:${at.port}` });
  // Awaited, since the gateway ends with this block.
  return await gateway.query<Record<string, unknown>>(EVERYTHING);
}

describe('the official examples', () => {
  it('give no error through any read', async () => {
    const { data, errors } = await ask();
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      salesUnits: {
        totalCount: 2,
        nodes: [{ msn: '123456', merchant: { name: 'ACME Fantastic Fitness AS' } }],
      },
      merchant: { salesUnits: { totalCount: 1 }, productOrders: { totalCount: 3 } },
      productOrder: { salesUnit: { msn: '123456' }, merchant: { status: 'ACTIVE' } },
      pricePackage: { commission: '30 %' },
    });
    expect(JSON.stringify(data)).not.toContain('86011117947');
  });

  it('cost one field where a date does not exist, as in one of them', async () => {
    const path = `GET /management/v1/merchants/${business.scheme}/${business.id}`;
    const { data, errors } = await ask({ [path]: { ...merchant, createdAt: '2023-31-12T06:45:25.921251Z' } });
    expect(new Set(errors?.map(({ path: place }) => place?.at(-1)))).toEqual(new Set(['createdAt']));
    expect(data).toMatchObject({
      merchant: { name: 'ACME Fantastic Fitness AS', createdAt: null, countryCode: 'NO' },
    });
  });
});
