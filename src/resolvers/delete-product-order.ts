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
  const refuse = (code: UserError['code'], message: string): DeleteResult => ({
    deletedProductOrderId: null,
    userErrors: [{ code, message, field: ['input', 'productOrderId'] }],
    failure: undefined,
  });
  if (!isUuid(productOrderId)) return refuse('INVALID_FORMAT', 'must be a UUID');
  try {
    return (await api.deleteProductOrder(productOrderId))
      ? { deletedProductOrderId: productOrderId, userErrors: [], failure: undefined }
      : refuse('NOT_FOUND', 'is not the id of an order that the keys can see; it may be deleted already');
  } catch (error) {
    if (error instanceof UpstreamRejected || error instanceof UpstreamConflict) logError(error);
    if (error instanceof UpstreamRejected || error instanceof UpstreamConflict)
      return refuse('NOT_DELETABLE', 'is submitted already, or was not made by prefill');
    return { deletedProductOrderId: null, userErrors: [], failure: new WriteFailure(error) };
  } finally {
    loaders.clearProductOrders();
  }
}
