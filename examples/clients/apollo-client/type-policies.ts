import type { TypePolicies } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** Objects with a global ID: each is in the cache once, whichever query or mutation returns it. */
const identified = { keyFields: ['id'] as const } satisfies TypePolicies[string];

/** There is one of them for each caller. */
const single = { keyFields: [] } satisfies TypePolicies[string];

/** Part of the object that has it. Two queries may select different fields of it, so their fields are merged. */
const part = { keyFields: false, merge: true } satisfies TypePolicies[string];

/** A row or a result without an identity: the newer one replaces the older one. */
const value = { keyFields: false } satisfies TypePolicies[string];

// Lists are apart in the cache if they differ in these arguments. The others say which page is read.
const changes = relayStylePagination();
const salesUnits = relayStylePagination(['filter', 'orderBy', 'query']);
const productOrders = relayStylePagination(['filter', 'includeExpired']);

export const typePolicies: TypePolicies = {
  Query: {
    fields: {
      changes: relayStylePagination(['filter']),
      merchants: relayStylePagination(['filter', 'orderBy', 'query']),
      productOrders,
      salesUnits,
    },
  },

  Change: identified,
  Merchant: { ...identified, fields: { changes, productOrders, salesUnits } },
  PricePackage: identified,
  ProductOrder: { ...identified, fields: { changes } },
  SalesUnit: { ...identified, fields: { changes } },

  Directory: single,
  Viewer: single,

  Address: part,
  BusinessIdentifier: part,
  SalesUnitConfiguration: part,
  SalesUnitFacets: part,

  CaptureTypeFacet: value,
  ChangeConnection: value,
  ChangeEdge: value,
  ChangeEvent: value,
  CountryFacet: value,
  DeleteProductOrderPayload: value,
  DeleteProductOrdersPayload: value,
  FieldChange: value,
  FlagFacet: value,
  Hint: value,
  MerchantConnection: value,
  MerchantEdge: value,
  PageInfo: value,
  PrefillProductOrderPayload: value,
  PrefillProductOrdersPayload: value,
  ProductOrderConnection: value,
  ProductOrderEdge: value,
  SalesUnitConnection: value,
  SalesUnitEdge: value,
  UpstreamEndpoint: value,
  UserError: value,
};

/** Lets fragments on `Node` match. */
export const possibleTypes = {
  Node: ['Change', 'Merchant', 'PricePackage', 'ProductOrder', 'SalesUnit'],
};
