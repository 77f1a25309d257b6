import { type ChangeKind, changeKinds, type FieldChange } from '../../directory/changes/change.ts';
import { changeKey, objectsOfChange, type ShownChange } from '../../resolvers/changes/changes.ts';
import { pricePackageById } from '../../resolvers/price-package.ts';
import { productOrderByKey } from '../../resolvers/product-order.ts';
import { isUuid } from '../../upstream/models/identifiers.ts';
import { builder } from '../builder.ts';
import { BusinessIdentifierRef } from '../business-identifier.ts';
import { entities, loadableBy } from '../entities.ts';
import { MerchantRef } from '../merchant.ts';
import { PricePackageRef } from '../price-package.ts';
import { ProductOrderRef } from '../product-orders/product-order.ts';
import { SalesUnitRef } from '../sales-unit.ts';
import { costs } from '../work/cost.ts';

const MISSING = 'missing from two lists read at least five seconds apart and from every list in between';
/** What each kind is about, and what shows that it is gone. */
const objects: readonly (readonly [prefix: string, name: string, gone: string])[] = [
  ['SALES_UNIT', 'sales unit', `${MISSING}, or not found when it was read itself`],
  ['MERCHANT', 'merchant', 'its last sales unit is gone, or it was not found when it was read itself'],
  ['PRODUCT_ORDER', 'product order', MISSING],
  ['PRICE_PACKAGE', 'price package', MISSING],
];
function descriptionOf(kind: ChangeKind): string {
  const [prefix, name, gone] = objects.find(([start]) => kind.startsWith(start)) ?? ['', '', ''];
  if (kind === `${prefix}_ADDED`) return `A ${name} became visible to the API keys.`;
  return kind === `${prefix}_CHANGED`
    ? `Fields of a ${name} changed.`
    : `A ${name} is no longer visible to the API keys: ${gone}.`;
}

export const ChangeKindRef = builder.enumType('ChangeKind', {
  description: 'What happened.',
  values: Object.fromEntries(
    changeKinds.map((kind) => [kind, { value: kind, description: descriptionOf(kind) }]),
  ) as { [Kind in ChangeKind]: { value: Kind; description: string } },
});

/** Of one change, at most: an object has fewer fields. */
const MOST_FIELDS = 30;

const FieldChangeRef = builder.objectRef<FieldChange>('FieldChange').implement({
  description: 'A field that is different.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'Path of the field in its object, such as `name`, `configuration.captureType` or `status`.',
    }),
    before: t.exposeString('before', {
      nullable: true,
      description: 'The value before, as text. Null if there was none.',
    }),
    after: t.exposeString('after', {
      nullable: true,
      description: 'The value after, as text. Null if there is none.',
    }),
  }),
});

export const ChangeRef = builder.loadableNodeRef('Change', {
  ...loadableBy(entities.Change),
  id: { resolve: ({ place }: ShownChange) => changeKey(place) },
});

builder.objectType(ChangeRef, {
  authScopes: { read: true },
  description:
    'A difference between what this gateway knew and what the Management API says now. The Management API has no events: the gateway compares what it reads, so several changes between two reads are one.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description: 'Place of the change: `changes(after:)` returns what came later.',
    }),
    at: t.field({
      type: 'DateTime',
      resolve: ({ at }) => new Date(at).toISOString(),
      description:
        'When this gateway saw the change, which is later than it happened. Never earlier than that of the change before it.',
    }),
    kind: t.expose('kind', { type: ChangeKindRef, description: 'What happened.' }),
    msn: t.string({
      nullable: true,
      resolve: ({ msn }) => msn ?? null,
      description: 'Number of the sales unit, even if it is gone. Null if the change has no sales unit.',
    }),
    businessIdentifier: t.field({
      type: BusinessIdentifierRef,
      nullable: true,
      resolve: objectsOfChange.businessIdentifier,
      description:
        'Business of the merchant, of the sales unit or of the order, even if it is gone. Null if the change has no business.',
    }),
    productOrderId: t.string({
      nullable: true,
      resolve: ({ productOrder }) => (productOrder && isUuid(productOrder) ? productOrder : null),
      description:
        'ID of the product order, even if it is gone. Null if the change has no product order, or an order without an ID.',
    }),
    pricePackageId: t.string({
      nullable: true,
      resolve: ({ pricePackage }) => pricePackage ?? null,
      description: 'ID of the price package, even if it is gone. Null if the change has no price package.',
    }),
    salesUnit: t.field({
      type: SalesUnitRef,
      nullable: true,
      extensions: costs({ calls: 1, complete: true }),
      resolve: (change, _args, context) => objectsOfChange.salesUnit(change, context),
      description:
        'The sales unit as it is now. Null if it is gone, or if the change has no sales unit. Costs at most one upstream call.',
    }),
    merchant: t.field({
      type: MerchantRef,
      nullable: true,
      extensions: costs({ calls: 1, complete: true }),
      resolve: (change, _args, context) => objectsOfChange.merchant(change, context),
      description:
        'The merchant of the change, or of its sales unit or order, as it is now. Null if it is gone, or if there is none. Costs at most one upstream call.',
    }),
    productOrder: t.field({
      type: ProductOrderRef,
      nullable: true,
      extensions: costs({ calls: 1, lists: ['productOrders', 'productOrders with expired'], complete: true }),
      resolve: ({ productOrder }, _args, context) =>
        productOrder ? productOrderByKey(productOrder, context) : null,
      description:
        'The product order as it is now. Null if it is gone, or if the change has no product order. Costs at most one upstream call.',
    }),
    pricePackage: t.field({
      type: PricePackageRef,
      nullable: true,
      extensions: costs({ lists: ['pricePackages'] }),
      resolve: ({ pricePackage }, _args, context) =>
        pricePackage ? pricePackageById(pricePackage, context) : null,
      description:
        'The price package as it is now. Null if it is gone, or if the change has no price package.',
    }),
    fields: t.field({
      type: [FieldChangeRef],
      extensions: costs({ rows: MOST_FIELDS }),
      resolve: ({ fields }) => fields,
      description:
        'The fields that are different. For something that was added or removed, every field that has a value.',
    }),
  }),
});
