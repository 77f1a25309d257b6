import { UpstreamConflict, UpstreamRejected, UpstreamUnauthorized } from '../upstream/errors.ts';
import { isUuid } from '../upstream/models/identifiers.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput } from './errors.ts';
import { keyOf } from './global-id.ts';
import { isIdempotencyKey } from './idempotency-key.ts';
import type { UserError } from './user-error.ts';
import { WriteFailure } from './write-failure.ts';

/** Names an order by its id or by the key that it was created with. GraphQL ensures that it has one of them. */
export interface DeleteInput {
  /** UUID or global id. */
  readonly productOrderId?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface DeleteResult {
  /** Null if nothing was deleted. */
  readonly productOrderId: string | null;
  readonly userErrors: readonly UserError[];
  readonly failure: WriteFailure | undefined;
}

/** Deletes a prefilled order that the merchant has not submitted. Never throws. `path` leads to the input. */
export async function deleteProductOrder(
  input: DeleteInput,
  path: readonly string[],
  context: RequestContext,
): Promise<DeleteResult> {
  const { api, loaders, logError } = context;
  const field = [...path, input.idempotencyKey == null ? 'productOrderId' : 'idempotencyKey'];
  const reject = (code: UserError['code'], message: string): DeleteResult => ({
    productOrderId: null,
    userErrors: [{ code, message, field }],
    failure: undefined,
  });
  try {
    const productOrderId = await idOf(input, context);
    if (productOrderId === undefined)
      return reject('NOT_FOUND', 'is not the key of an order that this gateway has created');
    return (await api.deleteProductOrder(productOrderId))
      ? { productOrderId, userErrors: [], failure: undefined }
      : reject('NOT_FOUND', 'is not the ID of a visible order; the order may already be deleted');
  } catch (error) {
    if (error instanceof BadUserInput) return reject('INVALID_FORMAT', error.problem);
    if (error instanceof UpstreamRejected || error instanceof UpstreamConflict || isTooLate(error)) {
      logError(error);
      return reject('NOT_DELETABLE', 'was already submitted, or is not a prefilled order');
    }
    return { productOrderId: null, userErrors: [], failure: new WriteFailure(error) };
  } finally {
    loaders.clearProductOrders();
  }
}

/** The document declares 403 for a deletion. Written by the API itself, it is about the order and not about the keys. */
const isTooLate = (error: unknown): error is UpstreamUnauthorized =>
  error instanceof UpstreamUnauthorized && error.status === 403 && error.problem?.writtenBy === 'api';

/** Deletes several orders, each on its own. An order that is named twice is deleted by one call. */
export function deleteProductOrders(
  inputs: readonly DeleteInput[],
  pathOf: (index: number) => readonly string[],
  context: RequestContext,
): Promise<DeleteResult[]> {
  const first = new Map<string, number>();
  const results: Promise<DeleteResult>[] = [];
  for (const [index, input] of inputs.entries()) {
    const name = nameOf(input);
    const known = results[first.get(name) ?? -1];
    if (!known) first.set(name, index);
    results.push(known ?? deleteProductOrder(input, pathOf(index), context));
  }
  return Promise.all(results);
}

function nameOf({ productOrderId, idempotencyKey }: DeleteInput): string {
  if (productOrderId == null) return `key ${idempotencyKey}`;
  const [, key] = readName(productOrderId);
  return `id ${key.toLowerCase()}`;
}

function readName(id: string): [valid: boolean, key: string] {
  try {
    return [true, keyOf('ProductOrder', id, 'productOrderId')];
  } catch {
    return [false, id];
  }
}

/** Returns the UUID; undefined for a key without an order. Throws {@link BadUserInput}. */
async function idOf(
  { productOrderId, idempotencyKey }: DeleteInput,
  { api }: RequestContext,
): Promise<string | undefined> {
  if (productOrderId == null) {
    if (!isIdempotencyKey(idempotencyKey ?? ''))
      throw new BadUserInput('idempotencyKey', 'must be 1 to 50 letters, digits and hyphens');
    return api.productOrderOfKey(idempotencyKey ?? '');
  }
  const id = keyOf('ProductOrder', productOrderId, 'productOrderId');
  if (!isUuid(id)) throw new BadUserInput('productOrderId', 'must be a UUID');
  return id;
}
