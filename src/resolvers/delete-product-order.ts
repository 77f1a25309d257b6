import { UpstreamConflict, UpstreamRejected } from '../upstream/errors.ts';
import { isUuid } from '../upstream/models/identifiers.ts';
import type { RequestContext } from './context.ts';
import type { UserError } from './user-error.ts';
import { WriteFailure } from './write-failure.ts';

export interface DeleteResult {
  readonly deletedProductOrderId: string | null;
  readonly userErrors: readonly UserError[];
  readonly failure: WriteFailure | undefined;
}

/** Deletes a prefilled order that the merchant has not submitted. Never throws. */
export async function deleteProductOrder(
  { productOrderId }: { productOrderId: string },
  { api, loaders, logError }: RequestContext,
): Promise<DeleteResult> {
  const reject = (code: UserError['code'], message: string): DeleteResult => ({
    deletedProductOrderId: null,
    userErrors: [{ code, message, field: ['input', 'productOrderId'] }],
    failure: undefined,
  });
  if (!isUuid(productOrderId)) return reject('INVALID_FORMAT', 'must be a UUID');
  try {
    return (await api.deleteProductOrder(productOrderId))
      ? { deletedProductOrderId: productOrderId, userErrors: [], failure: undefined }
      : reject('NOT_FOUND', 'is not the ID of a visible order; the order may already be deleted');
  } catch (error) {
    if (error instanceof UpstreamRejected || error instanceof UpstreamConflict) {
      logError(error);
      return reject('NOT_DELETABLE', 'was already submitted, or is not a prefilled order');
    }
    return { deletedProductOrderId: null, userErrors: [], failure: new WriteFailure(error) };
  } finally {
    loaders.clearProductOrders();
  }
}
