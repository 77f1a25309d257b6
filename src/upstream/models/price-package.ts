import { z } from 'zod';
import { openEnum } from './open-enum.ts';
import { orAbsent } from './or-absent.ts';
import { productTypes } from './product-order.ts';
import { Identifier, Text } from './text.ts';

const markets = ['DK', 'NO', 'FI'] as const;

export const PricePackage = z.object({
  pricePackageId: Identifier,
  name: Text,
  description: Text,
  visibleInSignupForm: orAbsent(z.boolean()),
  productType: orAbsent(openEnum(productTypes)),
  market: orAbsent(openEnum(markets)),
  commission: Text.nullish(),
});

export type PricePackage = z.infer<typeof PricePackage>;
