import type { z } from 'zod';

/** Optional in the contract. Null is read as absent, so that it does not invalidate the row. */
export const orAbsent = <Shape extends z.ZodType>(shape: Shape) =>
  shape.nullish().transform((value) => value ?? undefined);
