import { z } from 'zod';
import { BROKEN, type Leaf } from './broken.ts';
import { cleanText, isCleanText } from './clean-text.ts';

/** Far above what the contract allows for any text (50 characters), so that no valid one is truncated. */
const LONGEST_TEXT = 2_048;
const LONGEST_IDENTIFIER = 256;

/** Text for people. It is cleaned and truncated, since an odd name must not invalidate its row. */
export const Text = z.string().overwrite((text) => cleanText(text, LONGEST_TEXT));

/** Text that may be unreadable. As `leaf(Text)`, but without a second parser for each name of a long list. */
export const TextLeaf = z
  .unknown()
  .optional()
  .transform((value): Leaf<string> => (typeof value === 'string' ? cleanText(value, LONGEST_TEXT) : BROKEN));

/** An identifier is never altered, since it would then identify another object. */
export const Identifier = z
  .string()
  .refine((text) => isCleanText(text, LONGEST_IDENTIFIER), { message: 'is not an identifier' });
