import { z } from 'zod';
import { BROKEN, leaf } from './broken.ts';
import { DateTime } from './date-time.ts';
import { BusinessIdentifier } from './identifiers.ts';
import { openEnum } from './open-enum.ts';
import { Text, TextLeaf } from './text.ts';

/** Far more than an address has; the contract sets no limit. */
const MOST_LINES = 10;

const Address = z.object({
  lines: leaf(z.array(TextLeaf).nullish()).transform((lines) =>
    lines === BROKEN ? lines : (lines ?? []).slice(0, MOST_LINES),
  ),
  postCode: leaf(Text.nullish()),
  city: leaf(Text.nullish()),
  countryCode: leaf(Text.nullish()),
});

/** Only a merchant without its identifier is unreadable as a whole. */
export const Merchant = z.object({
  businessIdentifier: BusinessIdentifier,
  name: TextLeaf,
  status: leaf(openEnum(['ACTIVE', 'DEACTIVATED'])),
  createdAt: leaf(DateTime),
  // Required by the document, which also describes it as «if it has been updated».
  updatedAt: leaf(DateTime.nullish()),
  countryCode: TextLeaf,
  businessAddress: leaf(Address.nullish()),
  businessPostAddress: leaf(Address.nullish()),
});

export type Address = z.infer<typeof Address>;
export type Merchant = z.infer<typeof Merchant>;
