import {
  businessIdentifier,
  configuration,
  merchantOfSalesUnit,
  merchantSalesUnits,
  type SalesUnit,
  salesUnit,
  salesUnits,
} from '../resolvers/sales-unit.ts';
import type { SalesUnitConfiguration } from '../upstream/models/sales-unit.ts';
import { asksForDetails } from './asks-for-details.ts';
import { builder } from './builder.ts';
import { BusinessIdentifierRef } from './business-identifier.ts';
import { costs } from './cost.ts';
import { entities, loadableBy } from './entities.ts';
import { MerchantRef } from './merchant.ts';
import { TextFilterInput } from './text-filter.ts';

export const SalesUnitRef = builder.loadableNodeRef('SalesUnit', {
  ...loadableBy(entities.SalesUnit),
  id: { resolve: ({ msn }: SalesUnit) => msn },
});

const CaptureType = builder.enumType('CaptureType', {
  description: 'How reserved money is taken.',
  values: {
    RESERVE_CAPTURE: {
      value: 'ReserveCapture',
      description: 'Reserved first, captured by a call of the merchant. The usual way.',
    },
    DIRECT_CAPTURE: { value: 'DirectCapture', description: 'Captured at once, without a reservation.' },
    NOT_APPLICABLE: { value: 'NotApplicable', description: 'The sales unit takes no payments.' },
    UNKNOWN: { value: 'UNKNOWN', description: 'A way that this version of the gateway does not know.' },
  } as const,
});

const absent = 'Null if the Management API does not say, which does not mean false.';

const ConfigurationRef = builder.objectRef<SalesUnitConfiguration>('SalesUnitConfiguration').implement({
  description: 'What a sales unit may do. A flag that the Management API leaves out is null, not false.',
  fields: (t) => ({
    paymentAllowed: t.exposeBoolean('paymentAllowed', {
      nullable: true,
      description: `Whether the unit can take payments; false is usual for a unit that only uses Login. ${absent}`,
    }),
    captureType: t.expose('captureType', {
      type: CaptureType,
      nullable: true,
      description: `How payments are captured. ${absent}`,
    }),
    skipLandingPageAllowed: t.exposeBoolean('skipLandingPageAllowed', {
      nullable: true,
      description: `Whether payments may start without the landing page. ${absent}`,
    }),
    recurringAllowed: t.exposeBoolean('recurringAllowed', {
      nullable: true,
      description: `Whether the unit may use the Recurring API. ${absent}`,
    }),
    partialCaptureAllowed: t.exposeBoolean('partialCaptureAllowed', {
      nullable: true,
      description: `Whether a part of a reservation may be captured. Meaningful in Denmark and Finland; every Norwegian unit may. ${absent}`,
    }),
    lateCaptureAllowed: t.exposeBoolean('lateCaptureAllowed', {
      nullable: true,
      description: `Whether capture later than 14 days is possible. Meaningful in Denmark and Finland; Norwegian units have 180 days. ${absent}`,
    }),
    landingPagePhoneNumberLocked: t.exposeBoolean('landingPagePhoneNumberLocked', {
      nullable: true,
      description: `Whether the payer cannot change the phone number on the landing page. ${absent}`,
    }),
    longLivingPaymentAllowed: t.exposeBoolean('longLivingPaymentAllowed', {
      nullable: true,
      description: `Whether the unit may create long-living payments. ${absent}`,
    }),
    creditCardPaymentAllowed: t.exposeBoolean('creditCardPaymentAllowed', {
      nullable: true,
      description: `Whether payers may use a credit card. ${absent}`,
    }),
  }),
});

builder.objectType(SalesUnitRef, {
  authScopes: { read: true },
  description:
    'A place where a merchant sells, known by its merchant serial number. `msn` and `name` come with the list; the other fields cost one upstream call per unit together.',
  fields: (t) => ({
    msn: t.exposeString('msn', {
      description: 'Merchant serial number, 4 to 10 digits. An identifier: leading zeros count.',
    }),
    name: t.exposeString('name', { description: 'Name that payers see, up to 50 characters.' }),
    businessIdentifier: t.field({
      type: BusinessIdentifierRef,
      nullable: true,
      description:
        'What the merchant of this unit is registered under. Null, with an error, if the details could not be read.',
      extensions: costs({ details: true }),
      resolve: (unit, _args, context) => businessIdentifier(unit, context),
    }),
    configuration: t.field({
      type: ConfigurationRef,
      nullable: true,
      description: 'What this unit may do. Null, with an error, if the details could not be read.',
      extensions: costs({ details: true }),
      resolve: (unit, _args, context) => configuration(unit, context),
    }),
    merchant: t.field({
      type: MerchantRef,
      nullable: true,
      description:
        'The merchant that owns this unit. Asking only for its `businessIdentifier` costs no call for the merchant. Null if it is not visible, or with an error if it could not be read.',
      extensions: costs({ details: true }),
      resolve: (unit, _args, context, info) => merchantOfSalesUnit(unit, context, asksForDetails(info)),
    }),
  }),
});

const SalesUnitConnection = builder.connectionObject(
  { type: SalesUnitRef, name: 'SalesUnitConnection', description: 'A page of sales units.' },
  { name: 'SalesUnitEdge', description: 'A sales unit in a page, with its cursor.' },
);

const SalesUnitFilterInput = builder.inputType('SalesUnitFilter', {
  description: 'Which sales units to list. Both conditions must hold; neither costs an upstream call.',
  fields: (t) => ({
    msn: t.field({ type: TextFilterInput, description: 'Conditions on the merchant serial number.' }),
    name: t.field({ type: TextFilterInput, description: 'Conditions on the name.' }),
  }),
});

const SalesUnitOrderField = builder.enumType('SalesUnitOrderField', {
  description: 'What sales units can be put in order by.',
  values: {
    MSN: { value: 'msn', description: 'By merchant serial number, as a number.' },
    NAME: {
      value: 'name',
      description: 'By name in Norwegian alphabetical order, then by merchant serial number.',
    },
  } as const,
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which end of an order comes first.',
  values: {
    ASC: { description: 'Smallest first, A before Å.' },
    DESC: { description: 'Largest first, Å before A.' },
  } as const,
});

const SalesUnitOrderInput = builder.inputType('SalesUnitOrder', {
  description: 'The order of a list of sales units.',
  fields: (t) => ({
    field: t.field({ type: SalesUnitOrderField, required: true, description: 'What to order by.' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'ASC',
      description: 'Which end comes first.',
    }),
  }),
});

const listArguments = builder.args((t) => ({
  filter: t.field({ type: SalesUnitFilterInput, description: 'Which units to list; all if left out.' }),
  orderBy: t.field({
    type: SalesUnitOrderInput,
    description: 'The order of the list; by merchant serial number if left out.',
  }),
}));

builder.queryFields((t) => ({
  salesUnit: t.field({
    type: SalesUnitRef,
    nullable: true,
    description:
      'One sales unit. Null if the number is unknown, the unit or its merchant is not active, or it is not connected to the keys: the Management API does not say which. One upstream call.',
    args: { msn: t.arg.string({ required: true, description: 'Merchant serial number, 4 to 10 digits.' }) },
    extensions: costs({ calls: 1, complete: true }),
    resolve: (_root, { msn }, context) => salesUnit(msn, context),
  }),
  salesUnits: t.field({
    type: SalesUnitConnection,
    description:
      'The sales units that the keys can see: active units of active merchants. One upstream call for the whole list, whatever the page.',
    args: { ...t.arg.connectionArgs(), ...listArguments },
    extensions: costs({ lists: ['salesUnits'], rows: 'page' }),
    resolve: (_root, args, context) => salesUnits(args, context),
  }),
}));

builder.objectField(MerchantRef, 'salesUnits', (t) =>
  t.field({
    type: SalesUnitConnection,
    description: 'The sales units of this merchant that the keys can see. One upstream call per merchant.',
    args: { ...t.arg.connectionArgs(), ...listArguments },
    extensions: costs({ calls: 1, rows: 'page' }),
    resolve: (merchant, args, context) => merchantSalesUnits(merchant, args, context),
  }),
);
