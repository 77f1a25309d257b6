import {
  pricePackageCount,
  productOrderCount,
  salesUnitCount,
  type Viewer,
  viewer,
} from '../resolvers/viewer.ts';
import { builder } from './builder.ts';
import { costs } from './work/cost.ts';

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The caller, and how much data is visible to the API keys.',
  fields: (t) => ({
    tenant: t.exposeString('tenant', { description: 'Name of the tenant whose API keys the gateway uses.' }),
    scopes: t.exposeStringList('scopes', { description: 'Scopes of the caller.' }),
    salesUnitCount: t.int({
      nullable: true,
      authScopes: { read: true },
      description:
        'Number of sales units visible to the API keys. Null, with an error, if they could not be read. Requires the scope `read`. Costs one upstream call.',
      extensions: costs({ lists: ['salesUnits'] }),
      resolve: (_viewer, _args, context) => salesUnitCount(context),
    }),
    productOrderCount: t.int({
      nullable: true,
      authScopes: { read: true },
      description:
        'Number of product orders of the partner, without expired ones. Null, with an error, if they could not be read. Requires the scope `read`. Costs one upstream call.',
      extensions: costs({ lists: ['productOrders'] }),
      resolve: (_viewer, _args, context) => productOrderCount(context),
    }),
    pricePackageCount: t.int({
      nullable: true,
      authScopes: { read: true },
      description:
        'Number of price packages of the partner. Null, with an error, if they could not be read, as with keys that are not those of a partner. Requires the scope `read`. Costs one upstream call.',
      extensions: costs({ lists: ['pricePackages'] }),
      resolve: (_viewer, _args, context) => pricePackageCount(context),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    // Every authenticated caller may read its own identity.
    skipTypeScopes: true,
    description: 'Returns the caller. Requires no scope; the counts require `read`.',
    resolve: (_root, _args, context) => viewer(context),
  }),
);
