import { z } from 'zod';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const LONGEST = 64;

/** Keeps RFC 3339 as it is, with all its digits, and converts any other valid date to it. */
export const DateTime = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), { message: 'is not a valid date' })
  .transform((text) => (text.length <= LONGEST && RFC_3339.test(text) ? text : new Date(text).toISOString()));
