import { z } from 'zod';
import { cleanText, isCleanText } from './clean-text.ts';

/** Far above what the contract allows for any text (50 characters), so that no valid one is truncated. */
const LONGEST_TEXT = 2_048;
const LONGEST_IDENTIFIER = 256;

/** Text for people. It is cleaned and truncated, since an odd name must not invalidate its row. */
export const Text = z.string().overwrite((text) => cleanText(text, LONGEST_TEXT));

/** An identifier is never altered, since it would then identify another object. */
export const Identifier = z
  .string()
  .refine((text) => isCleanText(text, LONGEST_IDENTIFIER), { message: 'is not an identifier' });
