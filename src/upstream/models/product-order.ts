import { z } from 'zod';
import { BusinessIdentifier } from './identifiers.ts';
import { type IsLink, linkModel } from './link.ts';
import { openEnum } from './open-enum.ts';
import { orAbsent } from './or-absent.ts';
import { SalesUnitSummary } from './sales-unit.ts';
import { Identifier } from './text.ts';

export const productTypes = ['PAYMENT_INTEGRATION', 'CASHIER', 'CHECKOUT', 'LOGIN', 'DONATIONS'] as const;
const productOrderTypes = ['PREFILL', 'TEMPLATE', 'MANUAL'] as const;
const productOrderStatuses = [
  'RECEIVED',
  'MERCHANT_VIEWED',
  'ORDER_SUBMITTED',
  'EXPIRED',
  'COMPLETED',
  'REJECTED',
] as const;

/** Only status and businessIdentifier are always present; TEMPLATE and MANUAL orders may lack even the id. */
export const productOrderModel = (isLink: IsLink) =>
  z.object({
    productOrderId: orAbsent(Identifier),
    productOrderType: orAbsent(openEnum(productOrderTypes)),
    productType: orAbsent(openEnum(productTypes)),
    status: openEnum(productOrderStatuses),
    businessIdentifier: BusinessIdentifier,
    productOrderUrl: linkModel(isLink).nullish(),
    salesUnit: SalesUnitSummary.nullish(),
  });

export type ProductOrder = z.infer<ReturnType<typeof productOrderModel>>;
