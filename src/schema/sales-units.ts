import { salesUnit } from '../resolvers/sales-unit.ts';
import {
  merchantSalesUnitPage,
  needsDirectory,
  type SalesUnitPage,
  salesUnitFacets,
  salesUnitPage,
} from '../resolvers/sales-unit-search.ts';
import { builder } from './builder.ts';
import { BusinessIdentifierInput } from './business-identifier.ts';
import { inputSize } from './input-size.ts';
import { MerchantRef } from './merchant.ts';
import { SalesUnitRef } from './sales-unit.ts';
import { CaptureType } from './sales-unit-configuration.ts';
import { SalesUnitFacetsRef } from './sales-unit-facets.ts';
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

const SalesUnitConnection = builder.connectionObject(
  {
    type: SalesUnitRef,
    name: 'SalesUnitConnection',
    description: 'A page of a list of sales units.',
    fields: (t) => ({
      isComplete: t.boolean({ description: isCompleteDescription, resolve: isCompleteOf }),
      facets: t.field({
        type: SalesUnitFacetsRef,
        nullable: true,
        description:
          'How many units of the whole filtered list have each value, for filters in a front end. Null, with an error, without a directory. Costs no upstream call.',
        extensions: costs({ rows: 10, fromDirectory: () => true }),
        resolve: (page, _args, context) => salesUnitFacets((page as SalesUnitPage).selection(), context),
      }),
    }),
  },
  {
    name: 'SalesUnitEdge',
    description: 'A sales unit and its cursor.',
    fields: (t) => ({
      matchedOn: t.field({
        type: [SearchFieldRef],
        description: matchedOnDescription,
        resolve: matchedOnOf,
      }),
    }),
  },
);

const SalesUnitFilterInput = builder.inputType('SalesUnitFilter', {
  description:
    'Filter for sales units. A unit must match all given fields. Filtering costs no upstream call. All fields but `msn` and `name` are answered by the directory, which knows a change within a day at most: see `Query.directory`.',
  fields: (t) => {
    const flag = (what: string) =>
      t.boolean({
        description: `True matches units that ${what}, false those for which the Management API returns false.`,
      });
    return {
      msn: t.field({ type: TextFilterInput, description: 'Matches the merchant serial number.' }),
      name: t.field({ type: TextFilterInput, description: 'Matches the name.' }),
      merchantName: t.field({ type: TextFilterInput, description: 'Matches the name of the merchant.' }),
      businessIdentifier: t.field({
        type: BusinessIdentifierInput,
        description: 'Matches units of this business.',
      }),
      captureType: t.field({ type: [CaptureType], description: 'Matches units with any of these types.' }),
      countryCode: t.stringList({
        description: 'Matches units of merchants in any of these countries: `NO`, `DK` or `FI`.',
      }),
      paymentAllowed: flag('can accept payments'),
      skipLandingPageAllowed: flag('may skip the landing page'),
      recurringAllowed: flag('may use the Recurring API'),
      partialCaptureAllowed: flag('may capture a part of a reservation'),
      lateCaptureAllowed: flag('may capture late'),
      landingPagePhoneNumberLocked: flag('lock the phone number on the landing page'),
      longLivingPaymentAllowed: flag('may create long-living payments'),
      creditCardPaymentAllowed: flag('accept credit cards'),
    };
  },
});

const SalesUnitOrderField = builder.enumType('SalesUnitOrderField', {
  description: 'Fields that sales units can be ordered by.',
  values: {
    MSN: { value: 'msn', description: 'Orders by merchant serial number, shorter numbers first.' },
    NAME: {
      value: 'name',
      description: 'Orders by name in Norwegian alphabetical order, then by merchant serial number.',
    },
    MERCHANT_NAME: {
      value: 'merchantName',
      description:
        'Orders by name of the merchant, then by name. Units whose merchant is not known yet come last.',
    },
    RELEVANCE: {
      value: 'relevance',
      description:
        'Orders by how well a unit matches `query`, which is required: names that are exactly the query, names with its words, other texts with its words, then parts of words and typos.',
    },
  } as const,
});

export const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Direction of an order.',
  values: {
    ASC: { description: 'Ascending: smallest first, A before Å.' },
    DESC: { description: 'Descending: largest first, Å before A.' },
  } as const,
});

const SalesUnitOrderInput = builder.inputType('SalesUnitOrder', {
  description: 'Order of a list of sales units.',
  fields: (t) => ({
    field: t.field({ type: SalesUnitOrderField, required: true, description: 'Field to order by.' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'ASC',
      description: 'Direction of the order. Defaults to ascending.',
    }),
  }),
});

const listArguments = builder.args((t) => ({
  query: t.string({
    extensions: inputSize({ maxLength: QUERY_LENGTH }),
    description:
      'What a person types into a search box: words, which must all match, in any order; `"phrases"`; and `name:`, `msn:`, `merchant:`, `org:`, `capture:reserve`, `country:NO`, `is:recurring` and `not:recurring`. Finds beginnings and parts of words, spellings without æ, ø and å, and words with one typo. Never fails.',
  }),
  filter: t.field({
    type: SalesUnitFilterInput,
    description: 'Returns only sales units that match this filter.',
  }),
  orderBy: t.field({
    type: SalesUnitOrderInput,
    description:
      'Order of the list. Defaults to RELEVANCE with a `query`, otherwise to the merchant serial number, ascending.',
  }),
}));

builder.queryFields((t) => ({
  salesUnit: t.field({
    type: SalesUnitRef,
    nullable: true,
    description:
      'Returns a sales unit. Null if the MSN is unknown, the unit or its merchant is not active, or the unit is not visible to the API keys; the Management API does not say which. Costs one upstream call.',
    args: {
      msn: t.arg.string({
        required: true,
        description: 'Merchant serial number (MSN), 4 to 10 digits, or the global ID of the unit.',
      }),
    },
    extensions: costs({ calls: 1, complete: true }),
    resolve: (_root, { msn }, context) => salesUnit(msn, context),
  }),
  salesUnits: t.field({
    type: SalesUnitConnection,
    description:
      'Returns the sales units that are visible to the API keys: active units of active merchants. Costs one upstream call, whatever the size of the page.',
    args: { ...t.arg.connectionArgs(), ...listArguments },
    extensions: costs({ lists: ['salesUnits'], rows: 'page', fromDirectory: needsDirectory }),
    resolve: (_root, args, context, info) => salesUnitPage(sameArguments(args, context, info), context),
  }),
}));

builder.objectField(MerchantRef, 'salesUnits', (t) =>
  t.field({
    type: SalesUnitConnection,
    description:
      'Sales units of this merchant that are visible to the API keys. Costs one upstream call per merchant.',
    args: { ...t.arg.connectionArgs(), ...listArguments },
    extensions: costs({ calls: 1, rows: 'page', fromDirectory: needsDirectory }),
    resolve: (merchant, args, context, info) =>
      merchantSalesUnitPage(merchant, sameArguments(args, context, info), context),
  }),
);
