import {
  type DeleteResult,
  deleteProductOrder,
  deleteProductOrders,
} from '../../resolvers/delete-product-order.ts';
import { globalId } from '../../resolvers/global-id.ts';
import type { UserError } from '../../resolvers/user-error.ts';
import { builder } from '../builder.ts';
import { reportFailure } from '../selection/report-failure.ts';
import { UserErrorRef } from '../user-error.ts';
import { costs } from '../work/cost.ts';

const MAX_INPUTS = 50;

const DeleteProductOrderInput = builder.inputType('DeleteProductOrderInput', {
  description: 'Names the order to delete, by its ID or by the idempotency key that it was created with.',
  isOneOf: true,
  fields: (t) => ({
    productOrderId: t.id({ description: 'ID of the prefilled order: its UUID or its global ID.' }),
    idempotencyKey: t.string({
      description: 'Idempotency key that the order was created with, through this gateway.',
    }),
  }),
});

/** The input has one field. */
const MAX_USER_ERRORS = 1;

const DeleteProductOrderPayload = builder.objectRef<DeleteResult>('DeleteProductOrderPayload').implement({
  description: 'Result of one deletion.',
  fields: (t) => ({
    deletedProductOrderId: t.id({
      nullable: true,
      description:
        'Global ID of the deleted order, which clients remove from their caches. Null if no order was deleted.',
      resolve({ productOrderId, failure }) {
        if (failure) throw failure;
        return productOrderId === null ? null : globalId('ProductOrder', productOrderId.toLowerCase());
      },
    }),
    productOrderId: t.exposeString('productOrderId', {
      nullable: true,
      description: 'ID (UUID) of the deleted order. Null if no order was deleted.',
    }),
    userErrors: t.expose('userErrors', {
      type: [UserErrorRef],
      extensions: costs({ rows: MAX_USER_ERRORS }),
      description: 'Problems in the input that you can fix. If not empty, no order was deleted.',
    }),
  }),
});

const DeleteProductOrdersPayload = builder
  .objectRef<{ results: DeleteResult[]; userErrors: UserError[] }>('DeleteProductOrdersPayload')
  .implement({
    description: 'Result of `deleteProductOrders`.',
    fields: (t) => ({
      results: t.expose('results', {
        type: [DeleteProductOrderPayload],
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

builder.mutationFields((t) => ({
  deleteProductOrder: t.field({
    type: DeleteProductOrderPayload,
    description:
      'Deletes a prefilled order that the merchant has not submitted. Safe to repeat: an order that is already deleted returns the user error `NOT_FOUND`. Requires the scope `product-orders:write`. Costs one upstream call.',
    args: {
      input: t.arg({ type: DeleteProductOrderInput, required: true, description: 'The order to delete.' }),
    },
    extensions: costs({ calls: 1 }),
    async resolve(_root, { input }, context, info) {
      const result = await deleteProductOrder(input, ['input'], context);
      reportFailure(result.failure, 'deletedProductOrderId', info, context);
      return result;
    },
  }),
  deleteProductOrders: t.field({
    type: DeleteProductOrdersPayload,
    description: `Deletes up to ${MAX_INPUTS} prefilled orders. Each deletion succeeds or fails independently of the others. Requires the scope \`product-orders:write\`. Costs one upstream call per order.`,
    args: {
      inputs: t.arg({
        type: [DeleteProductOrderInput],
        required: true,
        description: `The orders to delete. At most ${MAX_INPUTS}.`,
      }),
    },
    extensions: costs({ calls: 1, rows: 'inputs' }),
    async resolve(_root, { inputs }, context, info) {
      if (inputs.length > MAX_INPUTS)
        return {
          results: [],
          userErrors: [
            { code: 'TOO_MANY' as const, message: `must be ${MAX_INPUTS} at most`, field: ['inputs'] },
          ],
        };
      const results = await deleteProductOrders(inputs, (index) => ['inputs', String(index)], context);
      for (const [index, { failure }] of results.entries())
        reportFailure(failure, 'deletedProductOrderId', info, context, ['results', index]);
      return { results, userErrors: [] };
    },
  }),
}));
