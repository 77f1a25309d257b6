import { z } from 'zod';
import { DateTime } from './date-time.ts';
import { BusinessIdentifier } from './identifiers.ts';
import { openEnum } from './open-enum.ts';

const Address = z.object({
  lines: z.array(z.string()),
  postCode: z.string().nullish(),
  city: z.string().nullish(),
  countryCode: z.string().nullish(),
});

export const Merchant = z.object({
  businessIdentifier: BusinessIdentifier,
  name: z.string(),
  status: openEnum(['ACTIVE', 'DEACTIVATED']),
  createdAt: DateTime,
  updatedAt: DateTime,
  countryCode: z.string(),
  businessAddress: Address.nullish(),
  businessPostAddress: Address.nullish(),
});

export type Address = z.infer<typeof Address>;
export type Merchant = z.infer<typeof Merchant>;
