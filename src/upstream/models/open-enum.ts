import { z } from 'zod';

/**
 * An enum that the upstream extends without asking us (it added REJECTED to orders in January 2026): a value that we
 * do not know becomes `UNKNOWN` instead of breaking the row.
 */
export const openEnum = <const Known extends readonly string[]>(known: Known) =>
  z.string().transform((text): Known[number] | 'UNKNOWN' => (known.includes(text) ? text : 'UNKNOWN'));
