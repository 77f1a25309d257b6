import { leafOf } from '../resolvers/leaf.ts';
import { pricePackage, pricePackages } from '../resolvers/price-package.ts';
import type { PricePackage } from '../upstream/models/price-package.ts';
import { builder } from './builder.ts';
import { entities, loadableBy } from './entities.ts';
import { ProductType } from './product-type.ts';
import { costs } from './work/cost.ts';

export const PricePackageRef = builder.loadableNodeRef('PricePackage', {
  ...loadableBy(entities.PricePackage),
  id: { resolve: ({ pricePackageId }: PricePackage) => pricePackageId },
});

const Market = builder.enumType('Market', {
  description: 'Country that a price package is for.',
  values: {
    DK: { description: 'Denmark.' },
    NO: { description: 'Norway.' },
    FI: { description: 'Finland.' },
    UNKNOWN: { description: 'A country that this version of the gateway does not recognize.' },
  } as const,
});

const ROUTE = 'GET /management/v1/partners/price-packages';

builder.objectType(PricePackageRef, {
  authScopes: { read: true },
  description:
    'A price that the partner can offer to merchants. The Management API does not return which package a sales unit has.',
  fields: (t) => ({
    pricePackageId: t.exposeString('pricePackageId', {
      description: 'ID (UUID) of the package, for `pricePackageId` in a prefilled order.',
    }),
    name: t.string({
      nullable: true,
      resolve: ({ name }) => leafOf(name, ROUTE),
      description:
        'Name of the package. Up to 30 characters. Null only with an error, if the Management API returned no readable one.',
    }),
    description: t.string({
      nullable: true,
      resolve: ({ description }) => leafOf(description, ROUTE),
      description:
        'Price as shown to the merchant, for example `2.99%`. Up to 6 characters. Null only with an error, if the Management API returned no readable one.',
    }),
    visibleInSignupForm: t.boolean({
      nullable: true,
      resolve: (one) => leafOf(one.visibleInSignupForm, ROUTE),
      description:
        'True if merchants can choose the package themselves. Null if the Management API does not return it.',
    }),
    productType: t.field({
      type: ProductType,
      nullable: true,
      resolve: ({ productType }) => leafOf(productType, ROUTE),
      description: 'Product that the package is for. Null if the Management API does not return it.',
    }),
    market: t.field({
      type: Market,
      nullable: true,
      resolve: ({ market }) => leafOf(market, ROUTE),
      description: 'Country that the package is for. Null if the Management API does not return it.',
    }),
    commission: t.string({
      nullable: true,
      resolve: ({ commission }) => leafOf(commission, ROUTE),
      description:
        'Commission of the partner as text with a percent sign, for example `30 %`. Null if there is none.',
    }),
  }),
});

const PricePackageFilterInput = builder.inputType('PricePackageFilter', {
  description:
    'Filter for price packages. A package must match all given fields. Filtering costs no upstream call.',
  fields: (t) => ({
    productType: t.field({ type: [ProductType], description: 'Matches packages for any of these products.' }),
    market: t.field({ type: [Market], description: 'Matches packages for any of these countries.' }),
    visibleInSignupForm: t.boolean({
      description: 'Matches packages that merchants can (true) or cannot (false) choose themselves.',
    }),
  }),
});

/** The upstream returns all packages at once; a partner has only a few. */
const MAX_PRICE_PACKAGES = 100;

builder.queryFields((t) => ({
  pricePackage: t.field({
    type: PricePackageRef,
    nullable: true,
    description:
      'Returns a price package. Null if the partner has no package with this ID. Costs one upstream call, shared with `pricePackages`.',
    args: {
      pricePackageId: t.arg.id({
        required: true,
        description: 'ID (UUID) of the package, or its global ID.',
      }),
    },
    extensions: costs({ lists: ['pricePackages'] }),
    resolve: (_root, { pricePackageId }, context) => pricePackage(pricePackageId, context),
  }),
  pricePackages: t.field({
    type: [PricePackageRef],
    nullable: { list: false, items: true },
    description:
      'Returns all price packages of the partner. The list is short, so it has no pages. An item is null, with an error at its path, if the Management API returned invalid data for it. Costs one upstream call.',
    args: {
      filter: t.arg({
        type: PricePackageFilterInput,
        description: 'Returns only packages that match this filter.',
      }),
    },
    extensions: costs({ lists: ['pricePackages'], rows: MAX_PRICE_PACKAGES }),
    resolve: (_root, { filter }, context) => pricePackages(filter, context) as Promise<PricePackage[]>,
  }),
}));
