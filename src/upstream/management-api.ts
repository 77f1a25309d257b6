import type { Observer } from '../telemetry/observer.ts';
import type { CallTracker } from './call-tracker.ts';
import type { Endpoint, Fetch, Operation } from './endpoint.ts';
import { assertPathPart } from './http/path-part.ts';
import type { MerchantSerialNumberFor } from './keys/merchant-serial-number.ts';
import { BROKEN, unlessBroken } from './models/broken.ts';
import type { BusinessIdentifier } from './models/identifiers.ts';
import { type IsLink, isHttpsLink, isLocalLink, UNUSABLE_LINK } from './models/link.ts';
import { Merchant } from './models/merchant.ts';
import { type Prefilled, type PrefilledOrder, prefilledOrderModel } from './models/prefill.ts';
import { type PrefillRequest, prefillBody } from './models/prefill-request.ts';
import { PricePackage } from './models/price-package.ts';
import { type ProductOrder, productOrderModel } from './models/product-order.ts';
import { SalesUnitDetails, SalesUnitSummary } from './models/sales-unit.ts';
import { type Model, readList, readObject } from './reads/read-answer.ts';
import type { Row } from './row.ts';
import type { IdempotencyKey, Writes } from './writes/writes.ts';

/** The Management API for one operation. Every method may throw the errors of `errors.ts`. */
export interface ManagementApi {
  /** Returns all units that the keys can see. The order is not specified. */
  salesUnits(): Promise<Row<SalesUnitSummary>[]>;
  /** Returns null when the unit is unknown, inactive or not connected to the caller; the upstream does not say which. */
  salesUnit(msn: string): Promise<SalesUnitDetails | null>;
  /** Returns null when the merchant is unknown, inactive or has no unit that the caller may see. */
  merchant(identifier: BusinessIdentifier): Promise<Merchant | null>;
  /** Returns an empty list for an unknown merchant. It is not documented whether the upstream answers 404 or an empty list. */
  merchantSalesUnits(identifier: BusinessIdentifier): Promise<Row<SalesUnitSummary>[]>;
  productOrders(options: { includeExpired: boolean }): Promise<Row<ProductOrder>[]>;
  productOrder(productOrderId: string): Promise<ProductOrder | null>;
  pricePackages(): Promise<Row<PricePackage>[]>;
  /** Creates one order per key, however often it is called. Throws what `Writes.prefill` throws. */
  prefillProductOrder(request: PrefillRequest, key: IdempotencyKey): Promise<Prefilled>;
  /** Returns false when the keys see no such order. Throws `UpstreamRejected` or `UpstreamConflict` when it is too late. */
  deleteProductOrder(productOrderId: string): Promise<boolean>;
  /** Returns the id of the order that this gateway created with the key; undefined if there is none. Makes no call. */
  productOrderOfKey(idempotencyKey: string): Promise<string | undefined>;
  /** Returns when this gateway created the orders, in milliseconds since 1970; undefined for all others. */
  productOrdersMadeAt(productOrderIds: readonly string[]): Promise<readonly (number | undefined)[]>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const OBJECT_BYTES = 256 * 1024;
/** The prefix of everything that a write may change: both lists of orders and the details of each. */
export const PRODUCT_ORDERS_PATH = '/management/v2/product-orders';
/** About 100,000 units with long names. */
const LIST_BYTES = 16 * 1024 * 1024;

/** Returns the dotted names of the leaves that could not be read, without indexes. */
function brokenIn(value: object, prefix = ''): string[] {
  const names: string[] = [];
  for (const [name, leaf] of Object.entries(value)) {
    if (leaf === BROKEN) names.push(prefix + name);
    else if (Array.isArray(leaf)) leaf.includes(BROKEN) && names.push(prefix + name);
    else if (typeof leaf === 'object' && leaf !== null) names.push(...brokenIn(leaf, `${prefix}${name}.`));
  }
  return names;
}

const createModels = (isLink: IsLink) => ({
  summary: {
    shape: SalesUnitSummary,
    broken: ({ name }) => (name === BROKEN ? ['name'] : []),
    openEnums: [],
  } satisfies Model<SalesUnitSummary>,
  salesUnit: {
    shape: SalesUnitDetails,
    broken: (unit) => brokenIn(unit),
    openEnums: [
      ({ configuration }) => [
        'configuration.captureType',
        unlessBroken(unlessBroken(configuration)?.captureType),
      ],
    ],
  } satisfies Model<SalesUnitDetails>,
  merchant: {
    shape: Merchant,
    broken: brokenIn,
    openEnums: [({ status }) => ['status', unlessBroken(status)]],
  } satisfies Model<Merchant>,
  productOrder: {
    shape: productOrderModel(isLink),
    broken: (order) => [
      ...brokenIn(order),
      ...(order.productOrderUrl === UNUSABLE_LINK ? ['productOrderUrl'] : []),
    ],
    openEnums: [
      ({ status }) => ['status', unlessBroken(status)],
      ({ productType }) => ['productType', unlessBroken(productType)],
      ({ productOrderType }) => ['productOrderType', unlessBroken(productOrderType)],
    ],
  } satisfies Model<ProductOrder>,
  prefilled: {
    shape: prefilledOrderModel(isLink),
    openEnums: [],
    broken: ({ prefillUrl }) => (prefillUrl === UNUSABLE_LINK ? ['prefillUrl'] : []),
  } satisfies Model<PrefilledOrder>,
  pricePackage: {
    shape: PricePackage,
    broken: brokenIn,
    openEnums: [
      ({ productType }) => ['productType', unlessBroken(productType)],
      ({ market }) => ['market', unlessBroken(market)],
    ],
  } satisfies Model<PricePackage>,
});

// Built once and shared: there are many clients, but only two rules for links.
const modelsFor = new Map([isHttpsLink, isLocalLink].map((isLink) => [isLink, createModels(isLink)]));

/** Returns the endpoints of one client. Each TTL follows how often the data changes: orders often, price lists rarely. */
function createEndpoints(observer: Observer, isLink: IsLink) {
  const Models = modelsFor.get(isLink) ?? createModels(isLink);
  const one = <T>(route: string, model: Model<T>, ttlMs: number): Endpoint<T | null> => ({
    route: `GET ${route}`,
    maxBytes: OBJECT_BYTES,
    ttlMs,
    read: (json) => readObject(`GET ${route}`, model, json, observer),
    absent: () => null,
    empty: () => null,
  });
  const list = <T>(
    route: string,
    model: Model<T>,
    ttlMs: number,
    absent?: () => Row<T>[],
  ): Endpoint<Row<T>[]> => ({
    route: `GET ${route}`,
    maxBytes: LIST_BYTES,
    ttlMs,
    read: (json) => readList(`GET ${route}`, model, json, observer),
    empty: () => [],
    ...(absent && { absent }),
  });
  return {
    salesUnits: list('/management/v1/sales-units', Models.summary, MINUTE),
    salesUnit: one('/management/v1/sales-units/{msn}', Models.salesUnit, 5 * MINUTE),
    merchant: one('/management/v1/merchants/{scheme}/{id}', Models.merchant, 5 * MINUTE),
    merchantSalesUnits: list(
      '/management/v1/merchants/{scheme}/{id}/sales-units',
      Models.summary,
      MINUTE,
      () => [],
    ),
    productOrders: list(PRODUCT_ORDERS_PATH, Models.productOrder, 10 * SECOND),
    productOrder: one(`${PRODUCT_ORDERS_PATH}/{productOrderId}/details`, Models.productOrder, 10 * SECOND),
    pricePackages: list('/management/v1/partners/price-packages', Models.pricePackage, 5 * MINUTE),
    prefillProductOrder: {
      route: 'POST /management/v1/product-orders',
      maxBytes: OBJECT_BYTES,
      read: (json) => readObject('POST /management/v1/product-orders', Models.prefilled, json, observer),
    } satisfies Operation<PrefilledOrder>,
    deleteProductOrder: {
      route: 'DELETE /management/v1/product-orders/{productOrderId}',
      maxBytes: OBJECT_BYTES,
      read: () => 'deleted',
      absent: () => 'absent',
    } satisfies Operation<'deleted' | 'absent'>,
  };
}

interface ManagementApiOptions {
  readonly merchantSerialNumber: MerchantSerialNumberFor;
  readonly observer: Observer;
  /** Which links of the upstream are passed on. */
  readonly isLink: IsLink;
}

/** Returns the API for each operation. */
export function createManagementApi(
  fetch: Fetch,
  writes: Writes,
  { merchantSerialNumber, observer, isLink }: ManagementApiOptions,
): (tracker: CallTracker) => ManagementApi {
  const endpoints = createEndpoints(observer, isLink);
  const part = (name: Parameters<typeof assertPathPart>[1], value: string) =>
    assertPathPart('GET /management', name, value);
  const merchantPath = ({ scheme, value }: BusinessIdentifier) =>
    `/management/v1/merchants/${part('scheme', scheme)}/${part('id', value)}`;

  return (tracker) => {
    const many = <T>(endpoint: Endpoint<T>, path: string) =>
      fetch({ endpoint, path, merchantSerialNumber: merchantSerialNumber('many') }, tracker);
    const one = <T>(endpoint: Endpoint<T>, path: string, msn?: string) =>
      fetch({ endpoint, path, merchantSerialNumber: merchantSerialNumber('one', msn) }, tracker);
    return {
      salesUnits: () => many(endpoints.salesUnits, '/management/v1/sales-units'),
      salesUnit: async (msn) =>
        one(endpoints.salesUnit, `/management/v1/sales-units/${part('msn', msn)}`, msn),
      merchant: async (identifier) => one(endpoints.merchant, merchantPath(identifier)),
      merchantSalesUnits: async (identifier) =>
        one(endpoints.merchantSalesUnits, `${merchantPath(identifier)}/sales-units`),
      productOrders: ({ includeExpired }) =>
        many(
          endpoints.productOrders,
          `${PRODUCT_ORDERS_PATH}${includeExpired ? '?includeExpired=true' : ''}`,
        ),
      productOrder: async (id) =>
        one(endpoints.productOrder, `${PRODUCT_ORDERS_PATH}/${part('productOrderId', id)}/details`),
      pricePackages: () => many(endpoints.pricePackages, '/management/v1/partners/price-packages'),
      prefillProductOrder: (request, key) =>
        writes.prefill(
          {
            endpoint: endpoints.prefillProductOrder,
            method: 'POST',
            path: '/management/v1/product-orders',
            merchantSerialNumber: merchantSerialNumber('many'),
            // In the contract null means the same as absent, so both must give the same fingerprint. So does a default.
            body: JSON.stringify(prefillBody(request), (_name, value) => value ?? undefined),
          },
          key,
          tracker,
        ),
      deleteProductOrder: async (id) =>
        writes.remove(
          {
            endpoint: endpoints.deleteProductOrder,
            method: 'DELETE',
            path: `/management/v1/product-orders/${part('productOrderId', id)}`,
            merchantSerialNumber: merchantSerialNumber('one'),
          },
          tracker,
        ),
      productOrderOfKey: (idempotencyKey) => writes.orderOfKey(idempotencyKey, tracker),
      productOrdersMadeAt: writes.madeAt,
    };
  };
}
