import type { EntityName } from '../../resolvers/representation.ts';

/** By which fields a router names the objects of each type. `readRepresentations` reads them. */
export const entityKeys: Readonly<Record<EntityName, string>> = {
  SalesUnit: 'msn',
  Merchant: 'businessIdentifier { scheme value }',
  ProductOrder: 'productOrderId',
  PricePackage: 'pricePackageId',
};
