import { pricePackage, pricePackages } from '../resolvers/price-package.ts';
import type { PricePackage } from '../upstream/models/price-package.ts';
import { builder } from './builder.ts';
import { costs } from './cost.ts';
import { entities, loadableBy } from './entities.ts';
import { ProductType } from './product-type.ts';

export const PricePackageRef = builder.loadableNodeRef('PricePackage', {
  ...loadableBy(entities.PricePackage),
  id: { resolve: ({ pricePackageId }: PricePackage) => pricePackageId },
});

const Market = builder.enumType('Market', {
  description: 'A country in which a price package is sold.',
  values: {
    DK: { description: 'Denmark.' },
    NO: { description: 'Norway.' },
    FI: { description: 'Finland.' },
    UNKNOWN: { description: 'A market that this version of the gateway does not know.' },
  } as const,
});

builder.objectType(PricePackageRef, {
  authScopes: { read: true },
  description:
    'A price that the partner may give to a merchant. Which package a sales unit has cannot be read.',
  fields: (t) => ({
    pricePackageId: t.exposeString('pricePackageId', {
      description: 'The id (UUID) to name in a prefilled order.',
    }),
    name: t.exposeString('name', { description: 'Name of the package, up to 30 characters.' }),
    description: t.exposeString('description', {
      description: 'The price as the merchant reads it, up to 6 characters, for example `2.99%`.',
    }),
    visibleInSignupForm: t.exposeBoolean('visibleInSignupForm', {
      nullable: true,
      description:
        'Whether merchants can choose the package themselves; null if the Management API does not say.',
    }),
    productType: t.expose('productType', {
      type: ProductType,
      nullable: true,
      description: 'The product that the package is for; null if the Management API does not say.',
    }),
    market: t.expose('market', {
      type: Market,
      nullable: true,
      description: 'The country that the package is for; null if the Management API does not say.',
    }),
    commission: t.exposeString('commission', {
      nullable: true,
      description:
        'The share that the partner gets, as text with a per cent sign, for example `30 %`; null if there is none.',
    }),
  }),
});

const PricePackageFilterInput = builder.inputType('PricePackageFilter', {
  description: 'Which price packages to list. All conditions must hold; none costs an upstream call.',
  fields: (t) => ({
    productType: t.field({ type: [ProductType], description: 'For one of these products.' }),
    market: t.field({ type: [Market], description: 'For one of these countries.' }),
    visibleInSignupForm: t.boolean({
      description: 'Only packages that merchants can, or cannot, choose themselves.',
    }),
  }),
});

/** The upstream pages no packages; a partner has a handful. */
const MOST_PRICE_PACKAGES = 100;

builder.queryFields((t) => ({
  pricePackage: t.field({
    type: PricePackageRef,
    nullable: true,
    description:
      'One price package; null if the partner has none of that id. One upstream call, shared with `pricePackages`.',
    args: { pricePackageId: t.arg.id({ required: true, description: 'The id (UUID) of the package.' }) },
    extensions: costs({ lists: ['pricePackages'] }),
    resolve: (_root, { pricePackageId }, context) => pricePackage(pricePackageId, context),
  }),
  pricePackages: t.field({
    type: [PricePackageRef],
    nullable: { list: false, items: true },
    description:
      'The price packages of the partner: a short list, without pages. A row that cannot be read is null, with an error at its path. One upstream call.',
    args: {
      filter: t.arg({
        type: PricePackageFilterInput,
        description: 'Which packages to list; all if left out.',
      }),
    },
    extensions: costs({ lists: ['pricePackages'], rows: MOST_PRICE_PACKAGES }),
    resolve: (_root, { filter }, context) => pricePackages(filter, context) as Promise<PricePackage[]>,
  }),
}));
