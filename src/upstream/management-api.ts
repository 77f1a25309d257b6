import type { Observer } from '../telemetry/observer.ts';
import type { CallTracker } from './call-tracker.ts';
import type { AskedRead, Endpoint, ReadMethod, Reads } from './endpoint.ts';
import { createEndpoints, PRODUCT_ORDERS_PATH } from './endpoints.ts';
import { assertPathPart } from './http/path-part.ts';
import type { MerchantSerialNumberFor } from './keys/merchant-serial-number.ts';
import type { BusinessIdentifier } from './models/identifiers.ts';
import type { IsLink } from './models/link.ts';
import type { Merchant } from './models/merchant.ts';
import type { Prefilled } from './models/prefill.ts';
import { type PrefillRequest, prefillBody } from './models/prefill-request.ts';
import type { PricePackage } from './models/price-package.ts';
import type { ProductOrder } from './models/product-order.ts';
import type { SalesUnitDetails, SalesUnitSummary } from './models/sales-unit.ts';
import type { ReadSubject } from './reads/answer-archive.ts';
import type { Row } from './row.ts';
import type { IdempotencyKey, Writes } from './writes/writes.ts';

/** Values that are cached, without a promise; undefined for those that are not. */
export interface KnownValues {
  salesUnits(): Row<SalesUnitSummary>[] | undefined;
  salesUnit(msn: string): SalesUnitDetails | null | undefined;
  merchant(identifier: BusinessIdentifier): Merchant | null | undefined;
  merchantSalesUnits(identifier: BusinessIdentifier): Row<SalesUnitSummary>[] | undefined;
  pricePackages(): Row<PricePackage>[] | undefined;
}

/** The Management API for one operation. Every method may throw the errors of `errors.ts`. */
export interface ManagementApi {
  readonly known: KnownValues;
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

interface ManagementApiOptions {
  readonly merchantSerialNumber: MerchantSerialNumberFor;
  readonly observer: Observer;
  /** Which links of the upstream are passed on. */
  readonly isLink: IsLink;
}

/** The part of the API that only reads. */
export type ReadApi = Pick<ManagementApi, 'known' | ReadMethod>;

/** Returns the API for each operation. */
export function createManagementApi(
  reads: Reads,
  writes: Writes,
  options: ManagementApiOptions,
): (tracker: CallTracker) => ManagementApi {
  const { merchantSerialNumber, observer, isLink } = options;
  const endpoints = createEndpoints(observer, isLink);
  const readApi = createReadApi(reads, options);
  return (tracker) => ({
    ...readApi(tracker),
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
          path: `/management/v1/product-orders/${checkedPart('productOrderId', id)}`,
          merchantSerialNumber: merchantSerialNumber('one'),
        },
        tracker,
      ),
    productOrderOfKey: (idempotencyKey) => writes.orderOfKey(idempotencyKey, tracker),
    productOrdersMadeAt: writes.madeAt,
  });
}

const checkedPart = (name: Parameters<typeof assertPathPart>[1], value: string) =>
  assertPathPart('GET /management', name, value);

/** Returns the reads of the API for each operation. */
export function createReadApi(
  reads: Reads,
  { merchantSerialNumber, observer, isLink }: ManagementApiOptions,
): (tracker: CallTracker) => ReadApi {
  const endpoints = createEndpoints(observer, isLink);
  const merchantPath = ({ scheme, value }: BusinessIdentifier) =>
    `/management/v1/merchants/${checkedPart('scheme', scheme)}/${checkedPart('id', value)}`;

  const many = <T>(endpoint: Endpoint<T>, path: string, subject: ReadSubject, asked: AskedRead) => ({
    endpoint,
    path,
    merchantSerialNumber: merchantSerialNumber('many'),
    subject,
    asked,
  });
  const one = <T>(
    endpoint: Endpoint<T>,
    path: string,
    asked: AskedRead,
    subject?: ReadSubject,
    msn?: string,
  ) => ({
    endpoint,
    path,
    merchantSerialNumber: merchantSerialNumber('one', msn),
    subject,
    asked,
  });
  const as = (method: ReadMethod, ...args: unknown[]): AskedRead => ({ method, args });
  const read = {
    salesUnits: () =>
      many(endpoints.salesUnits, '/management/v1/sales-units', { kind: 'salesUnits' }, as('salesUnits')),
    salesUnit: (msn: string) =>
      one(
        endpoints.salesUnit,
        `/management/v1/sales-units/${checkedPart('msn', msn)}`,
        as('salesUnit', msn),
        { kind: 'salesUnit', msn },
        msn,
      ),
    merchant: (identifier: BusinessIdentifier) =>
      one(endpoints.merchant, merchantPath(identifier), as('merchant', identifier), {
        kind: 'merchant',
        identifier,
      }),
    merchantSalesUnits: (identifier: BusinessIdentifier) =>
      one(
        endpoints.merchantSalesUnits,
        `${merchantPath(identifier)}/sales-units`,
        as('merchantSalesUnits', identifier),
        { kind: 'merchantSalesUnits', identifier },
      ),
    productOrders: (includeExpired: boolean) => {
      const path = `${PRODUCT_ORDERS_PATH}${includeExpired ? '?includeExpired=true' : ''}`;
      const asked = as('productOrders', { includeExpired });
      return many(endpoints.productOrders, path, { kind: 'productOrders', path, includeExpired }, asked);
    },
    productOrder: (id: string) =>
      one(
        endpoints.productOrder,
        `${PRODUCT_ORDERS_PATH}/${checkedPart('productOrderId', id)}/details`,
        as('productOrder', id),
      ),
    pricePackages: () => {
      const path = '/management/v1/partners/price-packages';
      return many(endpoints.pricePackages, path, { kind: 'pricePackages', path }, as('pricePackages'));
    },
  };

  return (tracker) => ({
    known: {
      salesUnits: () => reads.known(read.salesUnits(), tracker),
      salesUnit: (msn) => reads.known(read.salesUnit(msn), tracker),
      merchant: (identifier) => reads.known(read.merchant(identifier), tracker),
      merchantSalesUnits: (identifier) => reads.known(read.merchantSalesUnits(identifier), tracker),
      pricePackages: () => reads.known(read.pricePackages(), tracker),
    },
    salesUnits: () => reads.fetch(read.salesUnits(), tracker),
    salesUnit: async (msn) => reads.fetch(read.salesUnit(msn), tracker),
    merchant: async (identifier) => reads.fetch(read.merchant(identifier), tracker),
    merchantSalesUnits: async (identifier) => reads.fetch(read.merchantSalesUnits(identifier), tracker),
    productOrders: ({ includeExpired }) => reads.fetch(read.productOrders(includeExpired), tracker),
    productOrder: async (id) => reads.fetch(read.productOrder(id), tracker),
    pricePackages: () => reads.fetch(read.pricePackages(), tracker),
  });
}
