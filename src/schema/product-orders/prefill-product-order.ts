import { prefillProductOrder } from '../../resolvers/prefill-product-order.ts';
import { builder } from '../builder.ts';
import { reportFailure } from '../selection/report-failure.ts';
import { costs } from '../work/cost.ts';
import { PrefillProductOrderInput } from './prefill-product-order-input.ts';
import { PrefillProductOrderPayload, PrefillProductOrdersPayload } from './prefill-product-order-payload.ts';

const MAX_INPUTS = 50;

builder.mutationFields((t) => ({
  prefillProductOrder: t.field({
    type: PrefillProductOrderPayload,
    description:
      'Creates a prefilled product order, which the merchant completes through a link within 14 days. Creates at most one order per `idempotencyKey`, so retries are safe. Requires the scope `product-orders:write`, also for a dry run. Costs one upstream call, or none if the input has user errors.',
    args: {
      input: t.arg({ type: PrefillProductOrderInput, required: true, description: 'The order to create.' }),
    },
    extensions: costs({ calls: 1 }),
    async resolve(_root, { input }, context, info) {
      const path = ['input'];
      const result = await prefillProductOrder(input, path, context);
      reportFailure(result.failure, 'productOrder', info, context);
      return { ...result, path };
    },
  }),
  prefillProductOrders: t.field({
    type: PrefillProductOrdersPayload,
    description: `Creates up to ${MAX_INPUTS} prefilled product orders. Each order succeeds or fails independently of the others. Requires the scope \`product-orders:write\`, also for a dry run. Costs one upstream call per order.`,
    args: {
      inputs: t.arg({
        type: [PrefillProductOrderInput],
        required: true,
        description: `The orders to create. At most ${MAX_INPUTS}.`,
      }),
    },
    extensions: costs({ calls: 1, rows: 'inputs' }),
    async resolve(_root, { inputs }, context, info) {
      // A thrown error would null the whole response, since the field is not nullable, and lose the other results.
      if (inputs.length > MAX_INPUTS)
        return {
          results: [],
          userErrors: [
            { code: 'TOO_MANY' as const, message: `must be ${MAX_INPUTS} at most`, field: ['inputs'] },
          ],
        };
      const results = await Promise.all(
        inputs.map(async (input, index) => {
          const path = ['inputs', String(index)];
          const result = await prefillProductOrder(input, path, context);
          reportFailure(result.failure, 'productOrder', info, context, ['results', index]);
          return { ...result, path };
        }),
      );
      return { results, userErrors: [] };
    },
  }),
}));
