import { z } from 'zod';

/** Replaces a leaf that cannot be read: its field fails, but the object around it does not. */
export const BROKEN = Symbol('broken leaf');

/** A leaf that may be unreadable. */
export type Leaf<T> = T | typeof BROKEN;

/** Returns a readable leaf, and undefined for a broken one. */
export const unlessBroken = <T>(value: Leaf<T>): T | undefined => (value === BROKEN ? undefined : value);

/** Reads a leaf, or marks it as broken. */
export const leaf = <T>(shape: z.ZodType<T>) =>
  z
    .unknown()
    .optional()
    .transform((value): Leaf<T> => {
      const parsed = shape.safeParse(value);
      return parsed.success ? parsed.data : BROKEN;
    });
