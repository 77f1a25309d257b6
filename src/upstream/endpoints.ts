import type { Observer } from '../telemetry/observer.ts';
import type { Endpoint, Operation } from './endpoint.ts';
import { BROKEN, unlessBroken } from './models/broken.ts';
import { type IsLink, isHttpsLink, isLocalLink, UNUSABLE_LINK } from './models/link.ts';
import { Merchant } from './models/merchant.ts';
import { type PrefilledOrder, prefilledOrderModel } from './models/prefill.ts';
import { PricePackage } from './models/price-package.ts';
import { type ProductOrder, productOrderModel } from './models/product-order.ts';
import { SalesUnitDetails, SalesUnitSummary } from './models/sales-unit.ts';
import { type Model, readList, readObject } from './reads/read-answer.ts';
import type { Row } from './row.ts';

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
export function createEndpoints(observer: Observer, isLink: IsLink) {
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
