import { type Merchant, merchant } from '../resolvers/merchant.ts';
import { businessKey } from '../upstream/models/identifiers.ts';
import type { Address } from '../upstream/models/merchant.ts';
import { builder } from './builder.ts';
import { BusinessIdentifierInput, BusinessIdentifierRef } from './business-identifier.ts';
import { costs } from './cost.ts';
import { entities, loadableBy } from './entities.ts';

export const MerchantRef = builder.loadableNodeRef('Merchant', {
  ...loadableBy(entities.Merchant),
  id: { resolve: ({ businessIdentifier }: Merchant) => businessKey(businessIdentifier) },
});

const MerchantStatus = builder.enumType('MerchantStatus', {
  description: 'Whether a merchant can be paid.',
  values: {
    ACTIVE: { description: 'The merchant is a customer of Vipps MobilePay.' },
    DEACTIVATED: { description: 'The merchant is no customer any more.' },
    UNKNOWN: { description: 'A status that this version of the gateway does not know.' },
  } as const,
});

const AddressRef = builder.objectRef<Address>('Address').implement({
  description: 'A postal address.',
  fields: (t) => ({
    lines: t.exposeStringList('lines', { description: 'Street lines from top to bottom; may be empty.' }),
    postCode: t.exposeString('postCode', {
      nullable: true,
      description: 'Post code; null if not registered.',
    }),
    city: t.exposeString('city', { nullable: true, description: 'Post town; null if not registered.' }),
    countryCode: t.exposeString('countryCode', {
      nullable: true,
      description: 'Country as two capital letters, for example `NO`; null if not registered.',
    }),
  }),
});

const details = costs({ details: true });

builder.objectType(MerchantRef, {
  authScopes: { read: true },
  description:
    'A business that has an agreement with Vipps MobilePay. Reading more than its identifier costs one upstream call per merchant, however many sales units point to it.',
  fields: (t) => ({
    businessIdentifier: t.expose('businessIdentifier', {
      type: BusinessIdentifierRef,
      description:
        'What the business is registered under. Costs no call where the merchant is reached from a sales unit or an order.',
    }),
    name: t.exposeString('name', {
      extensions: details,
      description: 'Registered name, up to 50 characters.',
    }),
    status: t.expose('status', {
      extensions: details,
      type: MerchantStatus,
      description: 'Whether the merchant is active.',
    }),
    createdAt: t.expose('createdAt', {
      extensions: details,
      type: 'DateTime',
      description: 'When the merchant was registered with Vipps MobilePay.',
    }),
    updatedAt: t.expose('updatedAt', {
      extensions: details,
      type: 'DateTime',
      description: 'When the registered data last changed.',
    }),
    countryCode: t.exposeString('countryCode', {
      extensions: details,
      description: 'Country of the business as two capital letters: `NO`, `DK` or `FI`.',
    }),
    businessAddress: t.expose('businessAddress', {
      extensions: details,
      type: AddressRef,
      nullable: true,
      description: 'Visiting address; null if none is registered.',
    }),
    businessPostAddress: t.expose('businessPostAddress', {
      extensions: details,
      type: AddressRef,
      nullable: true,
      description: 'Post address; null if none is registered.',
    }),
  }),
});

builder.queryField('merchant', (t) =>
  t.field({
    type: MerchantRef,
    nullable: true,
    description:
      'One merchant. Null if the identifier is unknown, the merchant is not active, or it has no sales unit that the keys can see: the Management API does not say which. One upstream call.',
    args: {
      businessIdentifier: t.arg({
        type: BusinessIdentifierInput,
        required: true,
        description: 'What the business is registered under.',
      }),
    },
    extensions: costs({ calls: 1, complete: true }),
    resolve: (_root, args, context) => merchant(args.businessIdentifier, context),
  }),
);
