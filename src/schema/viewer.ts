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
      description:
        'How many sales units the keys can see. Null, with an error, if they cannot be read. One upstream call.',
      extensions: costs({ lists: ['salesUnits'] }),
      resolve: (_viewer, _args, context) => salesUnitCount(context),
    }),
    productOrderCount: t.int({
      nullable: true,
      description:
        'How many product orders name the keys as their partner, expired ones left out. Null, with an error, if they cannot be read. One upstream call.',
      extensions: costs({ lists: ['productOrders'] }),
      resolve: (_viewer, _args, context) => productOrderCount(context),
    }),
    pricePackageCount: t.int({
      nullable: true,
      description:
        'How many price packages the partner has. Null, with an error, if they cannot be read: only partners have any. One upstream call.',
      extensions: costs({ lists: ['pricePackages'] }),
      resolve: (_viewer, _args, context) => pricePackageCount(context),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who is asking.',
    resolve: (_root, _args, context) => viewer(context),
  }),
);
