import type { FoundMerchant } from '../directory/directory-index.ts';
import { readSearchQuery } from '../directory/search-query.ts';
import type { BusinessIdentifier } from '../upstream/models/identifiers.ts';
import type { RequestContext } from './context.ts';
import {
  type Direction,
  type DirectoryPage,
  directoryOf,
  readDirectoryPage,
  toPage,
} from './directory-page.ts';
import type { MaybePromise } from './maybe-promise.ts';
import { checkScheme, type Merchant } from './merchant.ts';
import type { PageArguments } from './paging/page-request.ts';
import type { TextFilter } from './text-filter.ts';

export interface MerchantFilter {
  readonly name?: TextFilter | null | undefined;
  readonly businessIdentifier?: BusinessIdentifier | null | undefined;
  readonly countryCode?: readonly string[] | null | undefined;
  readonly status?: readonly string[] | null | undefined;
}

export interface MerchantsArguments extends PageArguments {
  readonly query?: string | null | undefined;
  readonly filter?: MerchantFilter | null | undefined;
  readonly orderBy?:
    | { readonly field: 'name' | 'businessIdentifier' | 'relevance'; readonly direction: Direction }
    | null
    | undefined;
}

/** Returns a page of the merchants that have a visible unit. No call: the upstream has no such list. */
export async function merchants(
  args: MerchantsArguments,
  context: RequestContext,
): Promise<DirectoryPage<MaybePromise<Merchant | null>>> {
  const { query, filter } = args;
  const { field = query?.trim() ? 'relevance' : 'name', direction = 'ASC' } = args.orderBy ?? {};
  const request = readDirectoryPage('merchants', { field, direction }, args, context.limits.maxPageSize);
  if (filter?.businessIdentifier) checkScheme('filter.businessIdentifier', filter.businessIdentifier);
  const directory = directoryOf(context);
  const [found, { isComplete }] = await Promise.all([
    directory.merchants({
      ...request,
      query: query == null ? undefined : readSearchQuery(query),
      conditions: filter ?? {},
    }),
    directory.status(),
  ]);
  return toPage(
    'merchants',
    request.order,
    found,
    ({ identifier, merchant }) => merchantOfRow(identifier, merchant, context),
    isComplete,
  );
}

/** Returns the merchant, with nothing but its identifier if more must be read first. */
function merchantOfRow(
  businessIdentifier: BusinessIdentifier,
  merchant: FoundMerchant['merchant'],
  { loaders, fromDirectory }: RequestContext,
): MaybePromise<Merchant | null> {
  if (merchant?.value) loaders.merchant.offer(businessIdentifier, () => fromDirectory(merchant));
  return loaders.merchant.get(businessIdentifier);
}
