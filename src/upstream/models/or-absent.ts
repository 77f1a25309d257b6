import type { z } from 'zod';

/** Optional by the contract; null is read as absent, since one null must not cost the whole row. */
export const orAbsent = <Shape extends z.ZodType>(shape: Shape) =>
  shape.nullish().transform((value) => value ?? undefined);
