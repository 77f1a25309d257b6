import { z } from 'zod';
import { cleanText, isCleanText } from './clean-text.ts';

/** Far above what the contract allows for any text (50 characters), so that no legal one is ever cut. */
const LONGEST_TEXT = 2_048;
const LONGEST_IDENTIFIER = 256;

/** Words for people: cleaned and cut, since a strange name is no reason to lose its row. */
export const Text = z.string().overwrite((text) => cleanText(text, LONGEST_TEXT));

/** What names a thing: never altered, since a changed identifier would name another thing. */
export const Identifier = z
  .string()
  .refine((text) => isCleanText(text, LONGEST_IDENTIFIER), { message: 'is not an identifier' });
