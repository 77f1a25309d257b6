import {
  type Change,
  type ChangeConditions,
  type ChangeKind,
  type ChangePlace,
  ChangesExpired,
} from '../../directory/changes/change.ts';
import {
  type BusinessIdentifier,
  businessKey,
  isMsn,
  isUuid,
  readBusinessKey,
} from '../../upstream/models/identifiers.ts';
import type { RequestContext } from '../context.ts';
import { directoryOf } from '../directory-page.ts';
import { BadUserInput, CursorExpired } from '../errors.ts';
import { keyOf } from '../global-id.ts';
import { checkScheme } from '../merchant.ts';
import type { Page } from '../paging/page.ts';
import { type PageArguments, readSize } from '../paging/page-request.ts';
import { changeCursor, readChangeCursor } from './change-cursor.ts';

export interface ChangeFilter {
  readonly kind?: readonly ChangeKind[] | null | undefined;
  readonly msn?: readonly string[] | null | undefined;
  readonly businessIdentifier?: BusinessIdentifier | null | undefined;
  readonly productOrderId?: readonly string[] | null | undefined;
  /** In RFC 3339. */
  readonly since?: string | null | undefined;
}

export interface ChangesArguments extends PageArguments {
  readonly filter?: ChangeFilter | null | undefined;
}

/** A change with its place. */
export interface ShownChange extends Change {
  readonly place: ChangePlace;
  readonly cursor: string;
}

export interface ChangePage extends Omit<Page<ShownChange>, 'totalCount'> {
  readonly totalCount: Promise<number>;
  /** Start of uninterrupted observation, in milliseconds since 1970; undefined until the directory has been complete once. */
  readonly observedSince: number | undefined;
}

/** Returns a page of the changes of the tenant, or of one object. Makes no call. Throws `DIRECTORY_UNAVAILABLE`. */
export async function changes(
  args: ChangesArguments,
  context: RequestContext,
  of: ChangeConditions = {},
): Promise<ChangePage> {
  const { size, fromEnd } = readSize(args, context.limits.maxPageSize);
  const after = readChangeCursor('after', args.after);
  const before = readChangeCursor('before', args.before);
  const conditions = { ...readChangeFilter(args.filter), ...of };
  const directory = directoryOf(context);
  const request = { conditions, size, fromEnd, after, before };
  const found = await directory.changes(request).catch(refuseExpired);
  const { epoch, first, last, hasNextPage, hasPreviousPage, observedSince } = found;
  const edges = found.changes.map((change) => {
    const node = shown(change, epoch);
    return { cursor: node.cursor, node };
  });
  const cursorAt = (sequence: number) => changeCursor({ epoch, sequence });
  // At the end of the feed, the cursor moves past changes that do not match, so that they are not looked through again.
  const lastOnPage = found.changes.at(-1)?.sequence ?? (fromEnd ? last : first);
  return {
    edges,
    observedSince,
    // Only when it is selected.
    get totalCount() {
      return directory.countChanges(conditions);
    },
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: cursorAt(hasNextPage ? lastOnPage : last),
    },
  };
}

/** Returns a change as the schema shows it. */
export function shown(change: Change, epoch: string): ShownChange {
  const place = { epoch, sequence: change.sequence };
  return { ...change, place, cursor: changeCursor(place) };
}

/** The key of a change in its global id. */
export const changeKey = ({ epoch, sequence }: ChangePlace): string => `${epoch}/${sequence}`;

export function readChangeKey(key: string): ChangePlace | undefined {
  const [, epoch, sequence] = /^([\w-]{1,32})\/([1-9]\d{0,14})$/.exec(key) ?? [];
  return epoch && sequence ? { epoch, sequence: Number(sequence) } : undefined;
}

/** Returns the change at a place, or null if it is no longer kept. */
export async function changeAt(place: ChangePlace, context: RequestContext): Promise<ShownChange | null> {
  const after = { ...place, sequence: place.sequence - 1 };
  const request = { conditions: {}, size: 1, fromEnd: false, after, before: undefined };
  const found = await directoryOf(context)
    .changes(request)
    .catch((error: unknown) => {
      if (error instanceof ChangesExpired) return undefined;
      throw error;
    });
  const change = found?.changes[0];
  return change?.sequence === place.sequence ? shown(change, place.epoch) : null;
}

/** Throws `CURSOR_EXPIRED` for a place whose changes are no longer kept, and every other error as it is. */
export function refuseExpired(error: unknown): never {
  if (error instanceof ChangesExpired) throw new CursorExpired(changeCursor(error.oldest));
  throw error;
}

/** Throws {@link BadUserInput}. */
export function readChangeFilter(filter: ChangeFilter | null | undefined): ChangeConditions {
  if (!filter) return {};
  const { kind, msn, businessIdentifier, productOrderId, since } = filter;
  if (businessIdentifier) checkScheme('filter.businessIdentifier', businessIdentifier);
  const units = msn?.map((given) => {
    const key = keyOf('SalesUnit', given, 'filter.msn');
    if (!isMsn(key)) throw new BadUserInput('filter.msn', 'must be 4 to 10 digits each');
    return key;
  });
  const orders = productOrderId?.map((given) => {
    const key = keyOf('ProductOrder', given, 'filter.productOrderId');
    if (key === given && !isUuid(key)) throw new BadUserInput('filter.productOrderId', 'must be UUIDs');
    return key.toLowerCase();
  });
  return {
    ...(kind && { kinds: kind }),
    ...(units && { msns: units }),
    ...(businessIdentifier && { merchants: [businessKey(businessIdentifier)] }),
    ...(orders && { productOrders: orders }),
    ...(since != null && { since: Date.parse(since) }),
  };
}

/** Returns the objects of a change. Each is null if it is gone, or if the change is about none. */
export const objectsOfChange = {
  businessIdentifier: ({ merchant }: Change): BusinessIdentifier | null =>
    readBusinessKey(merchant ?? '') ?? null,
  salesUnit: ({ msn }: Change, { loaders }: RequestContext) => (msn ? loaders.salesUnit.get(msn) : null),
  merchant(change: Change, { loaders }: RequestContext) {
    const identifier = objectsOfChange.businessIdentifier(change);
    return identifier ? loaders.merchant.get(identifier) : null;
  },
};
