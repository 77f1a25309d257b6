import { z } from 'zod';
import { openEnum } from './open-enum.ts';
import { orAbsent } from './or-absent.ts';
import { productTypes } from './product-order.ts';

const markets = ['DK', 'NO', 'FI'] as const;

export const PricePackage = z.object({
  pricePackageId: z.string(),
  name: z.string(),
  description: z.string(),
  visibleInSignupForm: orAbsent(z.boolean()),
  productType: orAbsent(openEnum(productTypes)),
  market: orAbsent(openEnum(markets)),
  commission: z.string().nullish(),
});

export type PricePackage = z.infer<typeof PricePackage>;
