import { z } from 'zod';
import { DateTime } from './date-time.ts';
import { BusinessIdentifier } from './identifiers.ts';
import { openEnum } from './open-enum.ts';
import { Text } from './text.ts';

/** Far more than an address has; the contract sets no limit. */
const MOST_LINES = 10;

const Address = z.object({
  lines: z.array(Text).transform((lines) => lines.slice(0, MOST_LINES)),
  postCode: Text.nullish(),
  city: Text.nullish(),
  countryCode: Text.nullish(),
});

export const Merchant = z.object({
  businessIdentifier: BusinessIdentifier,
  name: Text,
  status: openEnum(['ACTIVE', 'DEACTIVATED']),
  createdAt: DateTime,
  updatedAt: DateTime,
  countryCode: Text,
  businessAddress: Address.nullish(),
  businessPostAddress: Address.nullish(),
});

export type Address = z.infer<typeof Address>;
export type Merchant = z.infer<typeof Merchant>;
