import { z } from 'zod';
import { isUuid } from './identifiers.ts';
import { type IsLink, type Link, linkModel } from './link.ts';

/** The answer to a prefill. */
export const prefilledOrderModel = (isLink: IsLink) =>
  z.object({
    prefilledOrderId: z.string().refine(isUuid, { message: 'is not a UUID' }),
    // An order with a link that must not be passed on was made all the same.
    prefillUrl: linkModel(isLink),
  });

/** What a prefill was answered with. */
export type PrefilledOrder = z.infer<ReturnType<typeof prefilledOrderModel>>;

/** What came of a prefill. */
export interface Prefilled {
  readonly productOrderId: string;
  readonly prefillUrl: Link;
  /** When the key was first used, in milliseconds since 1970. */
  readonly madeAt: number;
  /** The key had been used before: this is what came of it then. */
  readonly replayed: boolean;
}
