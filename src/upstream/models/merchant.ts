import { z } from 'zod';
import { leaf } from './broken.ts';
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

/** Only a merchant without its identifier is unreadable as a whole. */
export const Merchant = z.object({
  businessIdentifier: BusinessIdentifier,
  name: leaf(Text),
  status: leaf(openEnum(['ACTIVE', 'DEACTIVATED'])),
  createdAt: leaf(DateTime),
  // Required by the document, which also describes it as «if it has been updated».
  updatedAt: leaf(DateTime.nullish()),
  countryCode: leaf(Text),
  businessAddress: leaf(Address.nullish()),
  businessPostAddress: leaf(Address.nullish()),
});

export type Address = z.infer<typeof Address>;
export type Merchant = z.infer<typeof Merchant>;
