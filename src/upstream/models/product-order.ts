import { z } from 'zod';
import { BROKEN, leaf } from './broken.ts';
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

/**
 * Only status and businessIdentifier are always present; TEMPLATE and MANUAL orders may lack even the id. Without an id the
 * business identifies the order, so that an order without both is unreadable as a whole.
 */
export const productOrderModel = (isLink: IsLink) =>
  z
    .object({
      productOrderId: orAbsent(Identifier),
      productOrderType: leaf(orAbsent(openEnum(productOrderTypes))),
      productType: leaf(orAbsent(openEnum(productTypes))),
      status: leaf(openEnum(productOrderStatuses)),
      businessIdentifier: leaf(BusinessIdentifier),
      productOrderUrl: linkModel(isLink).nullish(),
      salesUnit: leaf(SalesUnitSummary.nullish()),
    })
    .refine(({ productOrderId, businessIdentifier }) => productOrderId || businessIdentifier !== BROKEN, {
      path: ['businessIdentifier'],
    });

/** Statuses and types as the schema shows them. */
export type ProductOrderStatus = (typeof productOrderStatuses)[number] | 'UNKNOWN';
export type ProductOrderType = (typeof productOrderTypes)[number] | 'UNKNOWN';
export type ProductType = (typeof productTypes)[number] | 'UNKNOWN';
export type ProductOrder = z.infer<ReturnType<typeof productOrderModel>>;
