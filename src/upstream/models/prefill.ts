import { z } from 'zod';
import { isUuid } from './identifiers.ts';

/** The answer to a prefill. */
export const PrefilledOrder = z.object({
  prefilledOrderId: z.string().refine(isUuid, { message: 'is not a UUID' }),
  prefillUrl: z.string().min(1),
});

/** What a prefill was answered with. */
export type PrefilledOrder = z.infer<typeof PrefilledOrder>;

/** What came of a prefill. */
export interface Prefilled {
  readonly productOrderId: string;
  readonly prefillUrl: string;
  /** When the key was first used, in milliseconds since 1970. */
  readonly madeAt: number;
  /** The key had been used before: this is what came of it then. */
  readonly replayed: boolean;
}
