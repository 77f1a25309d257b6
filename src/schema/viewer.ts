import {
  pricePackageCount,
  productOrderCount,
  salesUnitCount,
  type Viewer,
  viewer,
} from '../resolvers/viewer.ts';
import { builder } from './builder.ts';
import { costs } from './cost.ts';

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who is asking, and how much the keys can see.',
  fields: (t) => ({
    tenant: t.exposeString('tenant', { description: 'Whose keys are used for the Management API.' }),
    scopes: t.exposeStringList('scopes', { description: 'What the caller may do.' }),
    salesUnitCount: t.int({
      nullable: true,
      authScopes: { read: true },
      description:
        'How many sales units the keys can see. Null, with an error, if they cannot be read. Needs the scope `read`. One upstream call.',
      extensions: costs({ lists: ['salesUnits'] }),
      resolve: (_viewer, _args, context) => salesUnitCount(context),
    }),
    productOrderCount: t.int({
      nullable: true,
      authScopes: { read: true },
      description:
        'How many product orders name the keys as their partner, expired ones left out. Null, with an error, if they cannot be read. Needs the scope `read`. One upstream call.',
      extensions: costs({ lists: ['productOrders'] }),
      resolve: (_viewer, _args, context) => productOrderCount(context),
    }),
    pricePackageCount: t.int({
      nullable: true,
      authScopes: { read: true },
      description:
        'How many price packages the partner has. Null, with an error, if they cannot be read: only partners have any. Needs the scope `read`. One upstream call.',
      extensions: costs({ lists: ['pricePackages'] }),
      resolve: (_viewer, _args, context) => pricePackageCount(context),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    // Whoever got in may learn who the gateway takes them for.
    skipTypeScopes: true,
    description: 'Who is asking. Needs no scope; the counts need `read`.',
    resolve: (_root, _args, context) => viewer(context),
  }),
);
