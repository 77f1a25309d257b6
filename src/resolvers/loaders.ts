import DataLoader from 'dataloader';
import type { Row } from '../upstream/errors.ts';
import type { ManagementApi } from '../upstream/management-api.ts';
import { type BusinessIdentifier, businessKey } from '../upstream/models/identifiers.ts';
import type { Merchant } from '../upstream/models/merchant.ts';
import type { PricePackage } from '../upstream/models/price-package.ts';
import type { SalesUnitDetails, SalesUnitSummary } from '../upstream/models/sales-unit.ts';
import { type ProductOrder, withKey, withKeys } from './product-order-key.ts';
import { readable } from './rows.ts';

/** The memory of one operation: each thing is asked for at most once, and a failure is remembered with it. */
export interface Loaders {
  readonly salesUnits: DataLoader<'all', Row<SalesUnitSummary>[]>;
  readonly salesUnit: DataLoader<string, SalesUnitDetails | null>;
  readonly merchant: DataLoader<BusinessIdentifier, Merchant | null, string>;
  readonly merchantSalesUnits: DataLoader<BusinessIdentifier, Row<SalesUnitSummary>[], string>;
  readonly productOrders: DataLoader<'visible' | 'with expired', Row<ProductOrder>[]>;
  readonly productOrder: DataLoader<string, ProductOrder | null>;
  readonly pricePackages: DataLoader<'all', Row<PricePackage>[]>;
}

/** The upstream has no multi-get, so a batch here removes repeats; only orders by id have a list that serves many. */
export function createLoaders(api: ManagementApi): Loaders {
  const loaders: Loaders = {
    salesUnits: new DataLoader(each(() => api.salesUnits())),
    salesUnit: new DataLoader(each((msn) => api.salesUnit(msn))),
    merchant: new DataLoader(
      each((identifier) => api.merchant(identifier)),
      { cacheKeyFn: businessKey },
    ),
    merchantSalesUnits: new DataLoader(
      each((identifier) => api.merchantSalesUnits(identifier)),
      { cacheKeyFn: businessKey },
    ),
    productOrders: new DataLoader((variants) => {
      // One list holds the other: when both are asked for at once, only the larger one is read.
      const includeExpired = variants.includes('with expired');
      const listed = api.productOrders({ includeExpired }).then(withKeys);
      return each<(typeof variants)[number], Row<ProductOrder>[]>((variant) =>
        includeExpired && variant === 'visible' ? listed.then(withoutExpired) : listed,
      )(variants);
    }),
    productOrder: new DataLoader((ids) => {
      const details = async (id: string) => {
        const order = await api.productOrder(id);
        return order && withKey(order, id);
      };
      if (ids.length === 1) return each(details)(ids);
      const listed = loaders.productOrders.load('with expired').then(byId);
      return each(async (id: string) => (await listed).get(id) ?? details(id))(ids);
    }),
    pricePackages: new DataLoader(each(() => api.pricePackages())),
  };
  return loaders;
}

const byId = (orders: Row<ProductOrder>[]) =>
  new Map(readable(orders).map((order) => [order.productOrderId?.toLowerCase(), order]));

const withoutExpired = (orders: Row<ProductOrder>[]) =>
  orders.filter((order) => order instanceof Error || order.status !== 'EXPIRED');

/**
 * Settles key by key: DataLoader resolves each key with the promise that stands in its slot, so that one slow unit
 * delays nobody but itself. Its types know only finished values.
 */
export function each<Key, Value>(load: (key: Key) => Promise<Value>) {
  return (keys: readonly Key[]) =>
    Promise.resolve(keys.map((key) => load(key)) as readonly unknown[] as readonly Value[]);
}
