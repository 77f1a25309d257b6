import { z } from 'zod';
import { isUuid } from './identifiers.ts';
import { type IsLink, type Link, linkModel } from './link.ts';

/** The answer to a prefill. */
export const prefilledOrderModel = (isLink: IsLink) =>
  z.object({
    prefilledOrderId: z.string().refine(isUuid, { message: 'is not a UUID' }),
    // The order exists even if its link must not be passed on.
    prefillUrl: linkModel(isLink),
  });

/** The upstream's answer to a prefill, parsed. */
export type PrefilledOrder = z.infer<ReturnType<typeof prefilledOrderModel>>;

/** The result of a prefill. */
export interface Prefilled {
  readonly productOrderId: string;
  readonly prefillUrl: Link;
  /** When the key was first used, in milliseconds since 1970. */
  readonly madeAt: number;
  /** The key was used before, and this is the result of that first use. */
  readonly replayed: boolean;
}
