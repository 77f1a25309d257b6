import DataLoader from 'dataloader';
import type { ManagementApi } from '../upstream/management-api.ts';
import { type BusinessIdentifier, businessKey } from '../upstream/models/identifiers.ts';
import type { Merchant } from '../upstream/models/merchant.ts';
import type { PricePackage } from '../upstream/models/price-package.ts';
import type { SalesUnitDetails, SalesUnitSummary } from '../upstream/models/sales-unit.ts';
import type { Row } from '../upstream/row.ts';
import { loadEach } from './load-each.ts';
import { createOrderLoaders, type OrderLoaders } from './order-loaders.ts';

/** The memory of one operation: each thing is asked for at most once, and a failure is remembered with it. */
export interface Loaders extends OrderLoaders {
  readonly salesUnits: DataLoader<'all', Row<SalesUnitSummary>[]>;
  readonly salesUnit: DataLoader<string, SalesUnitDetails | null>;
  readonly merchant: DataLoader<BusinessIdentifier, Merchant | null, string>;
  readonly merchantSalesUnits: DataLoader<BusinessIdentifier, Row<SalesUnitSummary>[], string>;
  readonly pricePackages: DataLoader<'all', Row<PricePackage>[]>;
}

/** The upstream has no multi-get, so a batch here removes repeats; only orders by id have a list that serves many. */
export function createLoaders(api: ManagementApi): Loaders {
  return {
    salesUnits: new DataLoader(loadEach(() => api.salesUnits())),
    salesUnit: new DataLoader(loadEach((msn) => api.salesUnit(msn))),
    merchant: new DataLoader(
      loadEach((identifier) => api.merchant(identifier)),
      { cacheKeyFn: businessKey },
    ),
    merchantSalesUnits: new DataLoader(
      loadEach((identifier) => api.merchantSalesUnits(identifier)),
      { cacheKeyFn: businessKey },
    ),
    ...createOrderLoaders(api),
    pricePackages: new DataLoader(loadEach(() => api.pricePackages())),
  };
}
