import { type DeleteResult, deleteProductOrder } from '../../resolvers/delete-product-order.ts';
import { builder } from '../builder.ts';
import { reportFailure } from '../selection/report-failure.ts';
import { UserErrorRef } from '../user-error.ts';
import { costs } from '../work/cost.ts';

const DeleteProductOrderInput = builder.inputType('DeleteProductOrderInput', {
  description: 'Input of `deleteProductOrder`.',
  fields: (t) => ({
    productOrderId: t.id({ required: true, description: 'ID (UUID) of the prefilled order to delete.' }),
  }),
});

/** The input has one field. */
const MAX_USER_ERRORS = 1;

const DeleteProductOrderPayload = builder.objectRef<DeleteResult>('DeleteProductOrderPayload').implement({
  description: 'Result of `deleteProductOrder`.',
  fields: (t) => ({
    deletedProductOrderId: t.id({
      nullable: true,
      description: 'ID (UUID) of the deleted order. Null if no order was deleted.',
      resolve({ deletedProductOrderId, failure }) {
        if (failure) throw failure;
        return deletedProductOrderId;
      },
    }),
    userErrors: t.expose('userErrors', {
      type: [UserErrorRef],
      extensions: costs({ rows: MAX_USER_ERRORS }),
      description: 'Problems in the input that you can fix. If not empty, no order was deleted.',
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
      const result = await deleteProductOrder(input, context);
      reportFailure(result.failure, 'deletedProductOrderId', info, context);
      return result;
    },
  }),
}));
