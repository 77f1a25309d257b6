import { z } from 'zod';
import { leaf } from './broken.ts';
import { openEnum } from './open-enum.ts';
import { orAbsent } from './or-absent.ts';
import { productTypes } from './product-order.ts';
import { Identifier, Text, TextLeaf } from './text.ts';

const markets = ['DK', 'NO', 'FI'] as const;

/** Only a package without its id is unreadable as a whole. */
export const PricePackage = z.object({
  pricePackageId: Identifier,
  name: TextLeaf,
  description: TextLeaf,
  visibleInSignupForm: leaf(orAbsent(z.boolean())),
  productType: leaf(orAbsent(openEnum(productTypes))),
  market: leaf(orAbsent(openEnum(markets))),
  commission: leaf(Text.nullish()),
});

export type Market = (typeof markets)[number] | 'UNKNOWN';
export type PricePackage = z.infer<typeof PricePackage>;
