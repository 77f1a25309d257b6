import { z } from 'zod';
import { Identifier } from './text.ts';

// The patterns of the contract. They also keep a value from changing the path of a URL; escaping would not, since `..`
// escapes to itself.
const MSN = /^\d{4,10}$/;
const BUSINESS_SCHEME = /^[A-Za-z0-9:_-]{10,30}$/;
const BUSINESS_ID = /^[\d-]{4,50}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Merchant serial number: 4 to 10 digits. An identifier, not a number. */
export const isMsn = (text: string) => MSN.test(text);
/** `business:{country}:{type}`, 10 to 30 characters. No closed list of schemes is published. */
export const isBusinessScheme = (text: string) => BUSINESS_SCHEME.test(text);
/** 4 to 50 digits and hyphens. */
export const isBusinessId = (text: string) => BUSINESS_ID.test(text);
/** The id of a product order or a price package. */
export const isUuid = (text: string) => UUID.test(text);

/** A string whatever arrives: the specification says string, but the guide shows integers in lists and orders. */
export const Msn = z
  .union([z.string(), z.int().transform(String)])
  .refine(isMsn, { message: 'is not a merchant serial number' });

/** A number in a national register. */
export interface BusinessIdentifier {
  readonly scheme: string;
  /** The upstream calls it `id`, which GraphQL clients would take for a key of their caches. */
  readonly value: string;
}

export const BusinessIdentifier = z
  .object({ scheme: Identifier, id: Identifier })
  .transform(({ scheme, id }): BusinessIdentifier => ({ scheme, value: id }));

/** Returns one string per identifier, for maps, comparisons and opaque ids. No valid id contains a colon. */
export const businessKey = ({ scheme, value }: BusinessIdentifier) => `${scheme}:${value}`;

/** Parses the result of {@link businessKey}; returns undefined for any other text. */
export function readBusinessKey(key: string): BusinessIdentifier | undefined {
  const cut = key.lastIndexOf(':');
  const scheme = key.slice(0, cut);
  const value = key.slice(cut + 1);
  return cut > 0 && isBusinessScheme(scheme) && isBusinessId(value) ? { scheme, value } : undefined;
}
