import { leafOf, leavesOf } from '../resolvers/leaf.ts';
import { type Merchant, merchant } from '../resolvers/merchant.ts';
import { businessKey } from '../upstream/models/identifiers.ts';
import type { Address } from '../upstream/models/merchant.ts';
import { builder } from './builder.ts';
import { BusinessIdentifierInput, BusinessIdentifierRef } from './business-identifier.ts';
import { entities, loadableBy } from './entities.ts';
import { costs } from './work/cost.ts';

export const MerchantRef = builder.loadableNodeRef('Merchant', {
  ...loadableBy(entities.Merchant),
  id: { resolve: ({ businessIdentifier }: Merchant) => businessKey(businessIdentifier) },
});

export const MerchantStatus = builder.enumType('MerchantStatus', {
  description: 'Status of a merchant.',
  values: {
    ACTIVE: { description: 'The merchant is an active customer of Vipps MobilePay.' },
    DEACTIVATED: { description: 'The merchant is no longer a customer.' },
    UNKNOWN: { description: 'A status that this version of the gateway does not recognize.' },
  } as const,
});

const ROUTE = 'GET /management/v1/merchants/{scheme}/{id}';

const AddressRef = builder.objectRef<Address>('Address').implement({
  description: 'A postal address.',
  fields: (t) => ({
    lines: t.stringList({
      nullable: { list: true, items: true },
      resolve: ({ lines }) => leavesOf(lines, ROUTE) as string[] | null,
      description:
        'Street lines, from top to bottom. May be empty. The list or a line is null only with an error, if it is unreadable.',
    }),
    postCode: t.string({
      nullable: true,
      resolve: ({ postCode }) => leafOf(postCode, ROUTE),
      description: 'Postal code. Null if not registered.',
    }),
    city: t.string({
      nullable: true,
      resolve: ({ city }) => leafOf(city, ROUTE),
      description: 'City or town. Null if not registered.',
    }),
    countryCode: t.string({
      nullable: true,
      resolve: ({ countryCode }) => leafOf(countryCode, ROUTE),
      description: 'Country code of two capital letters, for example `NO`. Null if not registered.',
    }),
  }),
});

const details = costs({ details: true });

builder.objectType(MerchantRef, {
  authScopes: { read: true },
  description:
    'A business that has an agreement with Vipps MobilePay. Fields other than `id` and `businessIdentifier` cost one upstream call per merchant, even if many sales units refer to it.',
  fields: (t) => ({
    businessIdentifier: t.expose('businessIdentifier', {
      type: BusinessIdentifierRef,
      description:
        'Identifier of the business in its national register. Costs no call for the merchant when selected through a sales unit or a product order.',
    }),
    name: t.string({
      nullable: true,
      extensions: details,
      resolve: (merchant) => leafOf(merchant.name, ROUTE),
      description:
        'Registered name. Up to 50 characters. Null only with an error, if the Management API returned no readable one.',
    }),
    status: t.field({
      resolve: (merchant) => leafOf(merchant.status, ROUTE),
      extensions: details,
      type: MerchantStatus,
      nullable: true,
      description:
        'Status of the merchant. Null only with an error, if the Management API returned no readable one.',
    }),
    createdAt: t.field({
      resolve: (merchant) => leafOf(merchant.createdAt, ROUTE),
      extensions: details,
      type: 'DateTime',
      nullable: true,
      description:
        'When the merchant was registered with Vipps MobilePay. Null only with an error, if the Management API returned no readable time.',
    }),
    updatedAt: t.field({
      resolve: (merchant) => leafOf(merchant.updatedAt, ROUTE),
      extensions: details,
      type: 'DateTime',
      nullable: true,
      description: 'When the registered data was last updated. Null if it never was.',
    }),
    countryCode: t.string({
      nullable: true,
      extensions: details,
      resolve: (merchant) => leafOf(merchant.countryCode, ROUTE),
      description:
        'Country code of the business: `NO`, `DK` or `FI`. Null only with an error, if the Management API returned no readable one.',
    }),
    businessAddress: t.field({
      resolve: (merchant) => leafOf(merchant.businessAddress, ROUTE),
      extensions: details,
      type: AddressRef,
      nullable: true,
      description: 'Visiting address. Null if none is registered.',
    }),
    businessPostAddress: t.field({
      resolve: (merchant) => leafOf(merchant.businessPostAddress, ROUTE),
      extensions: details,
      type: AddressRef,
      nullable: true,
      description: 'Postal address. Null if none is registered.',
    }),
  }),
});

builder.queryField('merchant', (t) =>
  t.field({
    type: MerchantRef,
    nullable: true,
    description:
      'Returns a merchant. Null if the identifier is unknown, the merchant is not active, or none of its sales units is visible to the API keys; the Management API does not say which. Costs one upstream call.',
    args: {
      businessIdentifier: t.arg({
        type: BusinessIdentifierInput,
        required: true,
        description: 'Identifier of the merchant in its national register.',
      }),
    },
    extensions: costs({ calls: 1, complete: true }),
    resolve: (_root, args, context) => merchant(args.businessIdentifier, context),
  }),
);
