import {
  type BusinessIdentifier,
  isBusinessId,
  isBusinessScheme,
  readBusinessKey,
} from '../upstream/models/identifiers.ts';
import type { Merchant as MerchantDetails } from '../upstream/models/merchant.ts';
import type { RequestContext } from './context.ts';
import { BadUserInput, present } from './errors.ts';

export type Merchant = MerchantDetails;

/** One merchant by its identifier; null when the caller cannot see it. Throws {@link BadUserInput}. */
export async function merchant(
  identifier: BusinessIdentifier,
  { loaders }: RequestContext,
): Promise<Merchant | null> {
  return loaders.merchant.load(checkIdentifier('businessIdentifier', identifier));
}

/**
 * The merchant behind a reference. Without details the query asks for nothing but what the reference itself tells, so
 * no call is made and the object holds no more than that.
 */
export async function merchantOf(
  businessIdentifier: BusinessIdentifier,
  { loaders }: RequestContext,
  withDetails: boolean,
): Promise<Merchant | null> {
  if (!withDetails) return { businessIdentifier } as Merchant;
  return loaders.merchant.load(businessIdentifier);
}

/** The merchant for the key in a global id. Throws {@link BadUserInput} or `NotVisible`. */
export async function merchantByKey(key: string, { loaders }: RequestContext): Promise<Merchant> {
  const identifier = readBusinessKey(key);
  if (!identifier) throw new BadUserInput('id', 'is not an id of this schema');
  return present(await loaders.merchant.load(identifier));
}

/** Throws {@link BadUserInput} naming the part that is outside the contract. */
export function checkIdentifier(argument: string, identifier: BusinessIdentifier): BusinessIdentifier {
  if (!isBusinessScheme(identifier.scheme))
    throw new BadUserInput(`${argument}.scheme`, 'must be 10 to 30 characters such as business:NO:ORG');
  if (!isBusinessId(identifier.id))
    throw new BadUserInput(`${argument}.id`, 'must be 4 to 50 digits or hyphens');
  return identifier;
}
