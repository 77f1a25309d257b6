import { type DeleteResult, deleteProductOrder } from '../resolvers/delete-product-order.ts';
import { builder } from './builder.ts';
import { costs } from './cost.ts';
import { reportFailure } from './report-failure.ts';
import { UserErrorRef } from './user-error.ts';

const DeleteProductOrderInput = builder.inputType('DeleteProductOrderInput', {
  description: 'Which order to delete.',
  fields: (t) => ({
    productOrderId: t.id({ required: true, description: 'The id (UUID) of a prefilled order.' }),
  }),
});

/** Its one input field. */
const MOST_FINDINGS = 1;

const DeleteProductOrderPayload = builder.objectRef<DeleteResult>('DeleteProductOrderPayload').implement({
  description: 'What came of a deletion.',
  fields: (t) => ({
    deletedProductOrderId: t.id({
      nullable: true,
      description: 'The id of the order that is gone; null if none was deleted.',
      resolve({ deletedProductOrderId, failure }) {
        if (failure) throw failure;
        return deletedProductOrderId;
      },
    }),
    userErrors: t.expose('userErrors', {
      type: [UserErrorRef],
      extensions: costs({ rows: MOST_FINDINGS }),
      description: 'What must be mended. Nothing was deleted unless it is empty.',
    }),
  }),
});

builder.mutationFields((t) => ({
  deleteProductOrder: t.field({
    type: DeleteProductOrderPayload,
    description:
      'Deletes an order that was made by prefill and is not submitted yet. Safe to repeat: an order that is gone is `NOT_FOUND`. Needs the scope `product-orders:write`. One upstream call.',
    args: { input: t.arg({ type: DeleteProductOrderInput, required: true, description: 'The order.' }) },
    extensions: costs({ calls: 1 }),
    async resolve(_root, { input }, context, info) {
      const result = await deleteProductOrder(input, context);
      reportFailure(result.failure, 'deletedProductOrderId', info, context);
      return result;
    },
  }),
}));
