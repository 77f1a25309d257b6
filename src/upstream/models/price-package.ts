import { z } from 'zod';
import { openEnum } from './open-enum.ts';
import { productTypes } from './product-order.ts';

const markets = ['DK', 'NO', 'FI'] as const;

export const PricePackage = z.object({
  pricePackageId: z.string(),
  name: z.string(),
  description: z.string(),
  visibleInSignupForm: z.boolean().optional(),
  productType: openEnum(productTypes).optional(),
  market: openEnum(markets).optional(),
  commission: z.string().nullish(),
});

export type PricePackage = z.infer<typeof PricePackage>;
