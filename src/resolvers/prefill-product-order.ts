import { randomUUID } from 'node:crypto';
import { UpstreamRejected } from '../upstream/errors.ts';
import { isUuid } from '../upstream/models/identifiers.ts';
import type { Prefilled } from '../upstream/models/prefill.ts';
import { bodyPath, PrefillRequest, prefillFields } from '../upstream/models/prefill-request.ts';
import { productTypes } from '../upstream/models/product-order.ts';
import type { RequestContext } from './context.ts';
import { NotVisible } from './errors.ts';
import { keyIfOf } from './global-id.ts';
import type { Hint } from './hints/hint.ts';
import { hintsOf } from './hints/hints.ts';
import { pricePackageHints } from './hints/price-package-hints.ts';
import { isIdempotencyKey } from './idempotency-key.ts';
import { linkOf } from './link.ts';
import { type ProductOrder, withKey } from './product-order-key.ts';
import { readable } from './rows.ts';
import type { UserError, UserErrorCode } from './user-error.ts';
import { WriteFailure } from './write-failure.ts';

/** The input as the schema passes it. */
export interface PrefillInput extends Omit<PrefillRequest, 'productType'> {
  /** Can be a value of the schema that cannot be ordered, such as UNKNOWN. */
  readonly productType: string;
  readonly idempotencyKey?: string | null | undefined;
  readonly dryRun?: boolean | null | undefined;
}

/** The result of one prefill. */
export interface PrefillResult {
  readonly input: PrefillInput;
  readonly idempotencyKey: string | null;
  readonly prefilled: Prefilled | undefined;
  readonly userErrors: readonly UserError[];
  /** Why there is no order, if the input is not the reason. */
  readonly failure: WriteFailure | undefined;
}

const LINK_LIFE_MS = 14 * 86_400_000;

/** The fields of the input by the letters of the upstream's paths. */
const fieldPaths = new Map(prefillFields.map((field) => [bodyPath(field).join('').toLowerCase(), field]));
const MOST_PARTS = 8;

/**
 * Creates a product order, or returns all problems of an invalid input without a call. Never throws, so that one failed
 * order does not fail the others. `path` is the path of the input in the arguments.
 */
export async function prefillProductOrder(
  given: PrefillInput,
  path: readonly string[],
  { api, loaders, logError }: RequestContext,
): Promise<PrefillResult> {
  const { idempotencyKey, dryRun } = given;
  // A package can be named by its global id. One of another type is no UUID, and is refused as such.
  const input = given.pricePackageId
    ? { ...given, pricePackageId: keyIfOf('PricePackage', given.pricePackageId) }
    : given;
  const parsed = PrefillRequest.safeParse(input);
  const userErrors: UserError[] = (parsed.error?.issues ?? []).map((issue) => ({
    code: issue.code === 'custom' ? (issue.params?.['code'] as UserErrorCode) : 'INVALID_FORMAT',
    message:
      issue.code === 'custom'
        ? issue.message
        : issue.code === 'invalid_value'
          ? `must be one of ${issue.values.map(String).join(', ')}`
          : 'is not an allowed value',
    field: [...path, ...issue.path.map(String)],
  }));
  const isKey = idempotencyKey == null || isIdempotencyKey(idempotencyKey);
  if (!isKey)
    userErrors.push({
      code: 'INVALID_FORMAT',
      message: 'must be 1 to 50 letters, digits and hyphens',
      field: [...path, 'idempotencyKey'],
    });
  // Chosen before anything is sent, so that all attempts and responses have the same key.
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
      return { ...result, userErrors: rejections(error, path) };
    }
    return { ...result, failure: new WriteFailure(error, key) };
  } finally {
    loaders.clearProductOrders();
  }
}

/** Returns the order, or null if none was created. Throws the {@link WriteFailure}. */
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
  // An earlier order may have changed since. It was created, so a failure to read it must not look like a failed write.
  if (!prefilled.replayed) return known('RECEIVED');
  return loaders.productOrder.load(key).then(
    (order) => {
      if (order) return order;
      throw new WriteFailure(
        new NotVisible('the order of this key no longer exists'),
        idempotencyKey ?? undefined,
      );
    },
    () => known('UNKNOWN'),
  );
}

/** Returns the link for the merchant, or null if no order was created. Throws `UpstreamContractError` for an unsafe link. */
export const urlOfPrefill = ({ prefilled }: PrefillResult) =>
  linkOf(prefilled?.prefillUrl, 'POST /management/v1/product-orders');

/** Returns when the link of an order created at this time expires, as RFC 3339 text. */
export const linkExpiry = (madeAt: number) => new Date(madeAt + LINK_LIFE_MS).toISOString();

/** Returns the hints for an input. Reads the price packages only if the input contains one. */
export async function hintsOfPrefill(
  { input, userErrors }: PrefillResult,
  path: readonly string[],
  { loaders, viewer }: RequestContext,
): Promise<Hint[]> {
  const hints = hintsOf(input);
  // Hints about packages reveal data that requires the scope `read`.
  const mayRead = viewer.scopes.includes('read');
  if (mayRead && input.pricePackageId && isUuid(input.pricePackageId)) {
    // Keys without access to packages can still order with one; then there are no hints about it.
    const packages = await loaders.pricePackages.load('all').catch(() => undefined);
    if (packages) hints.push(...pricePackageHints(input, readable(packages)));
  }
  // A field with an error needs no hint about the same value.
  const wrong = new Set(userErrors.map(({ field }) => field.join('.')));
  return hints
    .map((hint) => ({ ...hint, field: [...path, ...hint.field] }))
    .filter(({ field }) => !wrong.has(field.join('.')));
}

// The upstream's own text may contain the value, so clients only get the name of the input field.
function rejections(error: UpstreamRejected, path: readonly string[]): UserError[] {
  const named = (error.problem?.extraDetails ?? []).map(({ name }) => fieldNamed(name));
  const fields = [...new Set(named.filter((field) => field !== undefined))];
  return (fields.length > 0 ? fields : [[]]).map((field) => ({
    code: 'REFUSED',
    message: 'was refused by the Management API',
    field: [...path, ...field],
  }));
}

/**
 * Returns the field that the upstream means by `SalesUnitName`, `sales_unit_name`, `$.website.url`, `/website/url`,
 * `request.Website.Url` or `website.url[0]`; for an unknown field of a known one, the known one.
 */
function fieldNamed(name: string): readonly string[] | undefined {
  const words = name.toLowerCase().split(/[^a-z]+/);
  const parts = words.filter((word) => word !== '').slice(0, MOST_PARTS);
  for (let start = 0; start < parts.length; start++)
    for (let end = parts.length; end > start; end--) {
      const field = fieldPaths.get(parts.slice(start, end).join(''));
      if (field) return field;
    }
  return undefined;
}
