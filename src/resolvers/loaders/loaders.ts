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
 * Creates the loaders of one operation, each when it is asked for. The upstream has no endpoint for several keys, so a batch
 * only removes duplicates; product orders are the exception, since their list can serve many ids.
 */
export const createLoaders = (api: ManagementApi, directory?: Directory): Loaders =>
  new LazyLoaders(api, directory);

class LazyLoaders implements Loaders {
  readonly #api: ManagementApi;
  readonly #directory: Directory | undefined;
  #salesUnits: Loaders['salesUnits'] | undefined;
  #salesUnit: Loaders['salesUnit'] | undefined;
  #merchant: Loaders['merchant'] | undefined;
  #merchantSalesUnits: Loaders['merchantSalesUnits'] | undefined;
  #pricePackages: Loaders['pricePackages'] | undefined;
  #orders: OrderLoaders | undefined;

  constructor(api: ManagementApi, directory: Directory | undefined) {
    this.#api = api;
    this.#directory = directory;
  }

  get salesUnits() {
    const api = this.#api;
    this.#salesUnits ??= new Loader(() => () => api.salesUnits(), { known: () => api.known.salesUnits() });
    return this.#salesUnits;
  }

  get salesUnit() {
    const api = this.#api;
    this.#salesUnit ??= new Loader(() => (msn) => api.salesUnit(msn), {
      known: (msn) => api.known.salesUnit(msn),
    });
    return this.#salesUnit;
  }

  get merchant() {
    const api = this.#api;
    this.#merchant ??= new Loader(() => (identifier) => api.merchant(identifier), {
      cacheKey: businessKey,
      known: (identifier) => api.known.merchant(identifier),
    });
    return this.#merchant;
  }

  get merchantSalesUnits() {
    const api = this.#api;
    this.#merchantSalesUnits ??= new Loader(() => (identifier) => api.merchantSalesUnits(identifier), {
      cacheKey: businessKey,
      known: (identifier) => api.known.merchantSalesUnits(identifier),
    });
    return this.#merchantSalesUnits;
  }

  get pricePackages() {
    const api = this.#api;
    this.#pricePackages ??= new Loader(() => () => api.pricePackages(), {
      known: () => api.known.pricePackages(),
    });
    return this.#pricePackages;
  }

  get productOrders() {
    return this.#ordersNow().productOrders;
  }

  get productOrder() {
    return this.#ordersNow().productOrder;
  }

  get productOrderMadeAt() {
    return this.#ordersNow().productOrderMadeAt;
  }

  get productOrderTimes() {
    return this.#ordersNow().productOrderTimes;
  }

  get clearProductOrders() {
    return this.#ordersNow().clearProductOrders;
  }

  #ordersNow(): OrderLoaders {
    this.#orders ??= createOrderLoaders(this.#api, this.#directory);
    return this.#orders;
  }
}
