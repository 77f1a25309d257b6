import {
  hintsOfPrefill,
  linkExpiry,
  orderOfPrefill,
  type PrefillResult,
  urlOfPrefill,
} from '../../resolvers/prefill-product-order.ts';
import type { UserError } from '../../resolvers/user-error.ts';
import { builder } from '../builder.ts';
import { UserErrorRef } from '../user-error.ts';
import { costs } from '../work/cost.ts';
import { HintRef } from './hint.ts';
import { ProductOrderRef } from './product-order.ts';

/** An input has fewer fields than this, and each field has at most one error or hint. */
const MAX_FINDINGS = 30;

/** A result and the path of its input in the arguments. */
export interface PrefillPayload extends PrefillResult {
  readonly path: readonly string[];
}

// If the write failed, the field only throws the reason, which callers without `read` must get too.
const toReadOrder = ({ failure }: PrefillPayload) => failure !== undefined || READ;
const READ = { read: true } as const;

export const PrefillProductOrderPayload = builder
  .objectRef<PrefillPayload>('PrefillProductOrderPayload')
  .implement({
    description: 'Result of one prefilled order.',
    fields: (t) => ({
      productOrder: t.field({
        type: ProductOrderRef,
        nullable: true,
        description:
          'The product order. Null if none was created or the result is unknown; `userErrors` or an error at this path gives the reason. If the key was used before, the order is read again: it is null, with the error `NOT_FOUND`, if it no longer exists, and has the status UNKNOWN if it could not be read. Also requires the scope `read`.',
        authScopes: toReadOrder,
        extensions: costs({ calls: 1, lists: ['productOrders with expired'], complete: true }),
        resolve: (payload, _args, context) => orderOfPrefill(payload, context),
      }),
      prefillUrl: t.string({
        nullable: true,
        description:
          'Link where the merchant completes and submits the order. Null if no order was created or the result is unknown.',
        resolve: urlOfPrefill,
      }),
      expiresAt: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'When the link expires: 14 days after the key was first used. Null if no order was created or the result is unknown.',
        resolve: ({ prefilled }) => (prefilled ? linkExpiry(prefilled.madeAt) : null),
      }),
      idempotencyKey: t.exposeString('idempotencyKey', {
        nullable: true,
        description:
          'Idempotency key of the order: yours, or the generated one. Keep it until you know the result. Null if your key is invalid.',
      }),
      replayed: t.boolean({
        description: 'True if the key was used before, so that this is the earlier order.',
        resolve: ({ prefilled }) => prefilled?.replayed ?? false,
      }),
      hints: t.field({
        type: [HintRef],
        description:
          'Problems that the Management API accepts, but that can delay the order. Costs one upstream call if the input contains `pricePackageId`, shared with `pricePackages`.',
        extensions: costs({ lists: ['pricePackages'], rows: MAX_FINDINGS }),
        resolve: (payload, _args, context) => hintsOfPrefill(payload, payload.path, context),
      }),
      userErrors: t.expose('userErrors', {
        type: [UserErrorRef],
        extensions: costs({ rows: MAX_FINDINGS }),
        description: 'Problems in the input that you can fix. If not empty, no order was created.',
      }),
    }),
  });

export const PrefillProductOrdersPayload = builder
  .objectRef<{ results: PrefillPayload[]; userErrors: UserError[] }>('PrefillProductOrdersPayload')
  .implement({
    description: 'Result of `prefillProductOrders`.',
    fields: (t) => ({
      results: t.expose('results', {
        type: [PrefillProductOrderPayload],
        extensions: costs({ rows: 'inherited' }),
        description: 'One result per input, in the order of the inputs. Empty if there were too many inputs.',
      }),
      userErrors: t.expose('userErrors', {
        type: [UserErrorRef],
        extensions: costs({ rows: 1 }),
        description:
          'Problems with the list of inputs as a whole. Problems in a single input are in its result.',
      }),
    }),
  });
