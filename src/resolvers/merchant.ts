import { type BusinessIdentifier, isBusinessId, isPathSafe } from '../upstream/models/identifiers.ts';
import type { Merchant as MerchantDetails } from '../upstream/models/merchant.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput } from './errors.ts';
import { misspelledScheme } from './hints/known-schemes.ts';
import type { MaybePromise } from './maybe-promise.ts';

export type Merchant = MerchantDetails;

/** Returns one merchant, or null if the caller cannot see it. Throws {@link BadUserInput}. */
export function merchant(
  identifier: BusinessIdentifier,
  context: RequestContext,
): MaybePromise<Merchant | null> {
  return merchantByIdentifier(checkIdentifier('businessIdentifier', identifier), context);
}

/** Returns the merchant with a valid identifier, or null if the caller cannot see it. */
export const merchantByIdentifier = (identifier: BusinessIdentifier, { loaders }: RequestContext) =>
  loaders.merchant.get(identifier);

/**
 * Returns the merchant behind a reference. Without details the operation selects only what the reference contains, so
 * this makes no call and the object has no other fields.
 */
export function merchantOf(
  businessIdentifier: BusinessIdentifier,
  context: RequestContext,
  withDetails: boolean,
): MaybePromise<Merchant | null> {
  if (!withDetails) return { businessIdentifier } as Merchant;
  return merchantByIdentifier(businessIdentifier, context);
}

/** What a body may contain (source: document 2.0.9), so that nothing else can have been ordered for. */
const SHORTEST_SCHEME = 10;
const LONGEST_SCHEME = 30;

/** Returns the identifier if it can be looked up. Throws {@link BadUserInput} that names the invalid part. */
export function checkIdentifier(argument: string, identifier: BusinessIdentifier): BusinessIdentifier {
  checkScheme(argument, identifier);
  const { length } = identifier.scheme;
  if (length < SHORTEST_SCHEME || length > LONGEST_SCHEME || !isPathSafe(identifier.scheme))
    throw new BadUserInput(
      `${argument}.scheme`,
      'must be 10 to 30 characters such as business:NO:ORG, without / \\ % ? # ;',
    );
  if (!isBusinessId(identifier.value))
    throw new BadUserInput(`${argument}.value`, 'must be 4 to 50 digits or hyphens');
  return identifier;
}

/**
 * Throws {@link BadUserInput} for a known scheme that is misspelled. The upstream would only say that nothing was found,
 * which reads as «no customer».
 */
export function checkScheme(argument: string, { scheme }: BusinessIdentifier): void {
  const meant = misspelledScheme(scheme);
  if (meant) throw new BadUserInput(`${argument}.scheme`, `is no known register; did you mean ${meant}?`);
}
