import { type MerchantsArguments, merchants } from '../resolvers/merchant-search.ts';
import { builder } from './builder.ts';
import { BusinessIdentifierInput } from './business-identifier.ts';
import { inputSize } from './input-size.ts';
import { MerchantRef, MerchantStatus } from './merchant.ts';
import { OrderDirection } from './sales-units.ts';
import { sameArguments } from './same-arguments.ts';
import {
  isCompleteDescription,
  isCompleteOf,
  matchedOnDescription,
  matchedOnOf,
  QUERY_LENGTH,
  SearchFieldRef,
} from './search.ts';
import { TextFilterInput } from './text-filter.ts';
import { costs } from './work/cost.ts';

const MerchantConnection = builder.connectionObject(
  {
    type: MerchantRef,
    name: 'MerchantConnection',
    description: 'A page of the list of merchants.',
    fields: (t) => ({
      isComplete: t.boolean({ description: isCompleteDescription, resolve: isCompleteOf }),
    }),
  },
  {
    name: 'MerchantEdge',
    description: 'A merchant and its cursor.',
    fields: (t) => ({
      matchedOn: t.field({ type: [SearchFieldRef], description: matchedOnDescription, resolve: matchedOnOf }),
    }),
  },
);

const MerchantFilterInput = builder.inputType('MerchantFilter', {
  description: 'Filter for merchants. A merchant must match all given fields. Costs no upstream call.',
  fields: (t) => ({
    name: t.field({ type: TextFilterInput, description: 'Matches the name.' }),
    businessIdentifier: t.field({ type: BusinessIdentifierInput, description: 'Matches this business.' }),
    countryCode: t.stringList({
      description: 'Matches merchants in any of these countries: `NO`, `DK` or `FI`.',
    }),
    status: t.field({ type: [MerchantStatus], description: 'Matches merchants with any of these statuses.' }),
  }),
});

const MerchantOrderField = builder.enumType('MerchantOrderField', {
  description: 'Fields that merchants can be ordered by.',
  values: {
    NAME: {
      value: 'name',
      description: 'Orders by name in Norwegian alphabetical order, then by business identifier.',
    },
    BUSINESS_IDENTIFIER: {
      value: 'businessIdentifier',
      description: 'Orders by register and number.',
    },
    RELEVANCE: {
      value: 'relevance',
      description: 'Orders by how well a merchant matches `query`, which is required.',
    },
  } as const,
});

const MerchantOrderInput = builder.inputType('MerchantOrder', {
  description: 'Order of the list of merchants.',
  fields: (t) => ({
    field: t.field({ type: MerchantOrderField, required: true, description: 'Field to order by.' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'ASC',
      description: 'Direction of the order. Defaults to ascending.',
    }),
  }),
});

builder.queryField('merchants', (t) =>
  t.field({
    type: MerchantConnection,
    description:
      'Returns the merchants that own a sales unit that is visible to the API keys. Answered by the directory, since the Management API has no such list: see `Query.directory`. Costs no upstream call.',
    args: {
      ...t.arg.connectionArgs(),
      query: t.arg.string({
        extensions: inputSize({ maxLength: QUERY_LENGTH }),
        description:
          'What a person types into a search box: words of the name or the number of the business. See `salesUnits(query:)`.',
      }),
      filter: t.arg({
        type: MerchantFilterInput,
        description: 'Returns only merchants that match this filter.',
      }),
      orderBy: t.arg({
        type: MerchantOrderInput,
        description:
          'Order of the list. Defaults to RELEVANCE with a `query`, otherwise to the name, ascending.',
      }),
    },
    extensions: costs({ rows: 'page', callPerRow: true, fromDirectory: () => true }),
    resolve: (_root, args, context, info) =>
      merchants(sameArguments<MerchantsArguments>(args, context, info), context) as never,
  }),
);
