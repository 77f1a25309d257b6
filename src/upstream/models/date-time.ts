import { z } from 'zod';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const LONGEST = 64;

/** RFC 3339 as it comes, all its digits kept; any other form that names a point in time is written as RFC 3339. */
export const DateTime = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), { message: 'is no point in time' })
  .transform((text) => (text.length <= LONGEST && RFC_3339.test(text) ? text : new Date(text).toISOString()));
