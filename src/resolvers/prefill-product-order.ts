import { randomUUID } from 'node:crypto';
import { UpstreamRejected } from '../upstream/errors.ts';
import { isUuid } from '../upstream/models/identifiers.ts';
import type { Prefilled } from '../upstream/models/prefill.ts';
import { PrefillRequest, prefillFields } from '../upstream/models/prefill-request.ts';
import { productTypes } from '../upstream/models/product-order.ts';
import type { RequestContext } from './context.ts';
import { NotVisible } from './errors.ts';
import { type Hint, hintsOf, pricePackageHints } from './hints/hints.ts';
import { linkOf } from './link.ts';
import { type ProductOrder, withKey } from './product-order-key.ts';
import { readable } from './rows.ts';
import type { UserError, UserErrorCode } from './user-error.ts';
import { WriteFailure } from './write-failure.ts';

/** The input as the schema gives it. */
export interface PrefillInput extends Omit<PrefillRequest, 'productType'> {
  /** May be a value of the schema that cannot be ordered. */
  readonly productType: string;
  readonly idempotencyKey?: string | null | undefined;
  readonly dryRun?: boolean | null | undefined;
}

/** What one prefill led to. */
export interface PrefillResult {
  readonly input: PrefillInput;
  readonly idempotencyKey: string | null;
  readonly prefilled: Prefilled | undefined;
  readonly userErrors: readonly UserError[];
  /** Why there is no order, when the input is not the reason. */
  readonly failure: WriteFailure | undefined;
}

const LINK_LIFE_MS = 14 * 86_400_000;
const KEY = /^[a-zA-Z0-9-]{1,50}$/;

/** Every field of the request, by its dotted path in lower case. */
const fieldPaths = new Map(prefillFields.map((field) => [field.join('.').toLowerCase(), field]));

/**
 * Makes a product order, or says everything that is wrong with the input without a call. Never throws: one failed order
 * of several must not take the others with it. `path` is where the input stands in the arguments.
 */
export async function prefillProductOrder(
  input: PrefillInput,
  path: readonly string[],
  { api, loaders, logError }: RequestContext,
): Promise<PrefillResult> {
  const { idempotencyKey, dryRun } = input;
  const parsed = PrefillRequest.safeParse(input);
  const userErrors: UserError[] = (parsed.error?.issues ?? []).map((issue) => ({
    code: issue.code === 'custom' ? (issue.params?.['code'] as UserErrorCode) : 'INVALID_FORMAT',
    message: issue.code === 'custom' ? issue.message : 'is not one of the values of the contract',
    field: [...path, ...issue.path.map(String)],
  }));
  const isKey = idempotencyKey == null || KEY.test(idempotencyKey);
  if (!isKey)
    userErrors.push({
      code: 'INVALID_FORMAT',
      message: 'must be 1 to 50 letters, digits and hyphens',
      field: [...path, 'idempotencyKey'],
    });
  // Fixed here, before anything is sent, so that every attempt and every answer has the same one.
  const key = idempotencyKey ?? randomUUID();
  const result = {
    input,
    idempotencyKey: isKey ? key : null,
    prefilled: undefined,
    userErrors,
    failure: undefined,
  };
  if (!parsed.success || !isKey || dryRun) return result;
  try {
    return {
      ...result,
      prefilled: await api.prefillProductOrder(parsed.data, { value: key, isFresh: idempotencyKey == null }),
    };
  } catch (error) {
    if (error instanceof UpstreamRejected) {
      logError(error);
      return { ...result, userErrors: refusals(error, path) };
    }
    return { ...result, failure: new WriteFailure(error, key) };
  } finally {
    loaders.clearProductOrders();
  }
}

/** The order; null when none was made. Throws the {@link WriteFailure}. */
export function orderOfPrefill(
  { prefilled, input, failure, idempotencyKey }: PrefillResult,
  { loaders }: RequestContext,
): ProductOrder | null | Promise<ProductOrder | null> {
  if (failure) throw failure;
  if (!prefilled) return null;
  const { productOrderId, prefillUrl } = prefilled;
  const key = productOrderId.toLowerCase();
  const known = (status: ProductOrder['status']): ProductOrder =>
    withKey(
      {
        productOrderId,
        productOrderType: 'PREFILL',
        productType: productTypes.find((type) => type === input.productType),
        status,
        businessIdentifier: input.businessIdentifier,
        productOrderUrl: prefillUrl,
        salesUnit: null,
      },
      key,
    );
  // One from before may have come further since. It was made, and that it cannot be read now must not say otherwise.
  if (!prefilled.replayed) return known('RECEIVED');
  return loaders.productOrder.load(key).then(
    (order) => {
      if (order) return order;
      throw new WriteFailure(new NotVisible('the order of this key is gone'), idempotencyKey ?? undefined);
    },
    () => known('UNKNOWN'),
  );
}

/** The link for the merchant; null when no order was made. Throws `UpstreamContractError` when it is not a safe one. */
export const urlOfPrefill = ({ prefilled }: PrefillResult) =>
  linkOf(prefilled?.prefillUrl, 'POST /management/v1/product-orders');

/** When the link of an order that was made at this time stops working, as RFC 3339 text. */
export const linkExpiry = (madeAt: number) => new Date(madeAt + LINK_LIFE_MS).toISOString();

/** The hints for an input; asks for the price packages only when the input names one. */
export async function hintsOfPrefill(
  { input }: PrefillResult,
  path: readonly string[],
  { loaders, viewer }: RequestContext,
): Promise<Hint[]> {
  const hints = hintsOf(input);
  // What the packages tell is for who may read them.
  const mayRead = viewer.scopes.includes('read');
  if (mayRead && input.pricePackageId && isUuid(input.pricePackageId)) {
    // Keys that may not read packages still order with one: then there is nothing to say about it.
    const packages = await loaders.pricePackages.load('all').catch(() => undefined);
    if (packages) hints.push(...pricePackageHints(input, readable(packages)));
  }
  return hints.map((hint) => ({ ...hint, field: [...path, ...hint.field] }));
}

// The upstream's own words are for nobody, since they may hold the value; only a name of the input is passed on.
function refusals(error: UpstreamRejected, path: readonly string[]): UserError[] {
  const named = (error.problem?.extraDetails ?? []).map(({ name }) =>
    fieldPaths.get(name.toLowerCase().replace(/^\$\./, '')),
  );
  const fields = [...new Set(named.filter((field) => field !== undefined))];
  return (fields.length > 0 ? fields : [[]]).map((field) => ({
    code: 'REFUSED',
    message: 'was refused by the Management API',
    field: [...path, ...field],
  }));
}
