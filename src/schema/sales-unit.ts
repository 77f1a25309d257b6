import { leafOf } from '../resolvers/leaf.ts';
import {
  businessIdentifier,
  configuration,
  merchantOfSalesUnit,
  type SalesUnit,
} from '../resolvers/sales-unit.ts';
import { builder } from './builder.ts';
import { BusinessIdentifierRef } from './business-identifier.ts';
import { entities, loadableBy } from './entities.ts';
import { MerchantRef } from './merchant.ts';
import { SalesUnitConfigurationRef } from './sales-unit-configuration.ts';
import { asksForDetails } from './selection/asks-for-details.ts';
import { costs } from './work/cost.ts';

export const SalesUnitRef = builder.loadableNodeRef('SalesUnit', {
  ...loadableBy(entities.SalesUnit),
  id: { resolve: ({ msn }: SalesUnit) => msn },
});

builder.objectType(SalesUnitRef, {
  authScopes: { read: true },
  description:
    'A place where a merchant sells, identified by its merchant serial number (MSN). In a list, `id`, `msn` and `name` cost no further upstream call; `businessIdentifier`, `configuration` and `merchant` together cost one per unit.',
  fields: (t) => ({
    msn: t.exposeString('msn', {
      description:
        'Merchant serial number (MSN). 4 to 10 digits. An identifier, not a number: leading zeros are significant.',
    }),
    name: t.string({
      nullable: true,
      description:
        'Name shown to payers. Up to 50 characters. Null only with an error, if the Management API returned no readable one.',
      resolve: ({ name }) => leafOf(name, 'GET /management/v1/sales-units'),
    }),
    businessIdentifier: t.field({
      type: BusinessIdentifierRef,
      nullable: true,
      description:
        'Identifier of the merchant in its national register. Null, with an error, if the details of the unit could not be read.',
      extensions: costs({ details: true }),
      resolve: (unit, _args, context) => businessIdentifier(unit, context),
    }),
    configuration: t.field({
      type: SalesUnitConfigurationRef,
      nullable: true,
      description:
        'Configuration of the unit. Null, with an error, if the details of the unit could not be read.',
      extensions: costs({ details: true }),
      resolve: (unit, _args, context) => configuration(unit, context),
    }),
    merchant: t.field({
      type: MerchantRef,
      nullable: true,
      description:
        'Merchant that owns the unit. Costs no call for the merchant if only its `businessIdentifier` or `id` is selected. Null if the merchant is not visible. Null, with an error, if it could not be read.',
      extensions: costs({ details: true }),
      resolve: (unit, _args, context, info) => merchantOfSalesUnit(unit, context, asksForDetails(info)),
    }),
  }),
});
