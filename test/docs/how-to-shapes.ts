import { expect } from 'vitest';

const unit = { msn: expect.stringMatching(/^\d+$/), name: expect.any(String), merchant: expect.anything() };
const business = { scheme: expect.stringMatching(/^business:/), value: expect.any(String) };
const order = { productOrderId: expect.any(String), status: expect.any(String) };
const bodies = (fields: object) => expect.arrayContaining([expect.objectContaining(fields)]);

/** What the answer to each query contains at least, with and without a directory. */
export const shapes: Readonly<Record<string, object>> = {
  'all-units': {
    salesUnits: {
      totalCount: 200,
      isComplete: true,
      nodes: bodies({
        ...unit,
        configuration: { captureType: expect.any(String) },
        merchant: { name: expect.any(String), businessIdentifier: business },
      }),
    },
  },
  'find-unit': {
    salesUnits: { totalCount: 5, edges: bodies({ matchedOn: ['NAME', 'MERCHANT_NAME'] }) },
  },
  'waiting-orders': {
    productOrders: { totalCount: 10, nodes: bodies({ ...order, businessIdentifier: business }) },
  },
  'prefill-order': {
    prefillProductOrder: {
      prefillUrl: expect.stringMatching(/^http/),
      productOrder: { status: 'RECEIVED' },
      replayed: false,
      userErrors: [],
      hints: [],
    },
  },
  'delete-order': { deleteProductOrder: { productOrderId: expect.any(String), userErrors: [] } },
  'direct-capture-units': { salesUnits: { isComplete: true, nodes: bodies(unit) } },
  'recurring-units': {
    salesUnits: { isComplete: true, nodes: bodies(unit) },
    all: { facets: { recurringAllowed: bodies({ value: true }) } },
  },
  'export-page': {
    salesUnits: { isComplete: true, pageInfo: { hasNextPage: true, endCursor: expect.any(String) } },
  },
  'is-customer': {
    merchant: { status: 'ACTIVE' },
    productOrders: { nodes: bodies({ productType: 'PAYMENT_INTEGRATION' }) },
  },
  'price-packages': {
    pricePackages: bodies({ pricePackageId: expect.any(String), name: 'Online standard NO' }),
  },
  'merchant-overview': {
    merchant: {
      salesUnits: { totalCount: 5, nodes: bodies({ configuration: { captureType: 'DIRECT_CAPTURE' } }) },
      productOrders: { nodes: bodies({ status: 'COMPLETED', salesUnit: { msn: expect.any(String) } }) },
    },
  },
  overnight: {
    changes: {
      observedSince: expect.any(String),
      pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
    },
  },
  'order-status': {
    productOrder: {
      status: 'COMPLETED',
      salesUnit: { ...unit, configuration: { captureType: expect.any(String) } },
    },
  },
};
