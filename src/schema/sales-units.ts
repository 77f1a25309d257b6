import { merchantSalesUnits, salesUnit, salesUnits } from '../resolvers/sales-unit.ts';
import { builder } from './builder.ts';
import { MerchantRef } from './merchant.ts';
import { SalesUnitRef } from './sales-unit.ts';
import { sameArguments } from './same-arguments.ts';
import { TextFilterInput } from './text-filter.ts';
import { costs } from './work/cost.ts';

const SalesUnitConnection = builder.connectionObject(
  { type: SalesUnitRef, name: 'SalesUnitConnection', description: 'A page of a list of sales units.' },
  { name: 'SalesUnitEdge', description: 'A sales unit and its cursor.' },
);

const SalesUnitFilterInput = builder.inputType('SalesUnitFilter', {
  description:
    'Filter for sales units. A unit must match all given fields. Filtering costs no upstream call.',
  fields: (t) => ({
    msn: t.field({ type: TextFilterInput, description: 'Matches the merchant serial number.' }),
    name: t.field({ type: TextFilterInput, description: 'Matches the name.' }),
  }),
});

const SalesUnitOrderField = builder.enumType('SalesUnitOrderField', {
  description: 'Fields that sales units can be ordered by.',
  values: {
    MSN: { value: 'msn', description: 'Orders by merchant serial number, shorter numbers first.' },
    NAME: {
      value: 'name',
      description: 'Orders by name in Norwegian alphabetical order, then by merchant serial number.',
    },
  } as const,
});

const OrderDirection = builder.enumType('OrderDirection', {
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
  filter: t.field({
    type: SalesUnitFilterInput,
    description: 'Returns only sales units that match this filter.',
  }),
  orderBy: t.field({
    type: SalesUnitOrderInput,
    description: 'Order of the list. Defaults to the merchant serial number, ascending.',
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
    extensions: costs({ lists: ['salesUnits'], rows: 'page' }),
    resolve: (_root, args, context, info) => salesUnits(sameArguments(args, context, info), context),
  }),
}));

builder.objectField(MerchantRef, 'salesUnits', (t) =>
  t.field({
    type: SalesUnitConnection,
    description:
      'Sales units of this merchant that are visible to the API keys. Costs one upstream call per merchant.',
    args: { ...t.arg.connectionArgs(), ...listArguments },
    extensions: costs({ calls: 1, rows: 'page' }),
    resolve: (merchant, args, context, info) =>
      merchantSalesUnits(merchant, sameArguments(args, context, info), context),
  }),
);
