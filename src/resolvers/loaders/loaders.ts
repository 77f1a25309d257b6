import type { Directory } from '../../directory/directory.ts';
import type { ManagementApi } from '../../upstream/management-api.ts';
import { type BusinessIdentifier, businessKey } from '../../upstream/models/identifiers.ts';
import type { Merchant } from '../../upstream/models/merchant.ts';
import type { PricePackage } from '../../upstream/models/price-package.ts';
import type { SalesUnitDetails, SalesUnitSummary } from '../../upstream/models/sales-unit.ts';
import type { Row } from '../../upstream/row.ts';
import { Loader } from './loader.ts';
import { createOrderLoaders, type OrderLoaders } from './order-loaders.ts';

/** The memory of one operation: each key is loaded at most once, and a failure is remembered like a value. */
export interface Loaders extends OrderLoaders {
  readonly salesUnits: Loader<'all', Row<SalesUnitSummary>[]>;
  readonly salesUnit: Loader<string, SalesUnitDetails | null>;
  readonly merchant: Loader<BusinessIdentifier, Merchant | null>;
  readonly merchantSalesUnits: Loader<BusinessIdentifier, Row<SalesUnitSummary>[]>;
  readonly pricePackages: Loader<'all', Row<PricePackage>[]>;
}

/**
 * Creates the loaders of one operation. The upstream has no endpoint for several keys, so a batch only removes
 * duplicates; product orders are the exception, since their list can serve many ids.
 */
export function createLoaders(api: ManagementApi, directory?: Directory): Loaders {
  const { known } = api;
  return {
    salesUnits: new Loader(() => () => api.salesUnits(), { known: () => known.salesUnits() }),
    salesUnit: new Loader(() => (msn) => api.salesUnit(msn), { known: (msn) => known.salesUnit(msn) }),
    merchant: new Loader(() => (identifier) => api.merchant(identifier), {
      cacheKey: businessKey,
      known: (identifier) => known.merchant(identifier),
    }),
    merchantSalesUnits: new Loader(() => (identifier) => api.merchantSalesUnits(identifier), {
      cacheKey: businessKey,
      known: (identifier) => known.merchantSalesUnits(identifier),
    }),
    pricePackages: new Loader(() => () => api.pricePackages(), { known: () => known.pricePackages() }),
    ...createOrderLoaders(api, directory),
  };
}
