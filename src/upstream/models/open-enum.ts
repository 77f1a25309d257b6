import { z } from 'zod';

/**
 * An enum that the upstream may extend at any time (it added REJECTED to orders in January 2026). An unknown value becomes
 * `UNKNOWN` instead of invalidating the row.
 */
export const openEnum = <const Known extends readonly string[]>(known: Known) =>
  z.string().transform((text): Known[number] | 'UNKNOWN' => (known.includes(text) ? text : 'UNKNOWN'));
