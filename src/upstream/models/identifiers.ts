import { z } from 'zod';
import { Identifier } from './text.ts';

const MSN = /^\d{4,10}$/;
const BUSINESS_ID = /^[\d-]{4,50}$/;
const LONGEST_PART = 256;
const PATH_SAFE = /^[^\p{C}\p{Zl}\p{Zp}/\\%?#;]+$/u;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Merchant serial number: 4 to 10 digits. An identifier, not a number. */
export const isMsn = (text: string) => MSN.test(text);
/**
 * Whether a text, percent-encoded, stays one part of a path wherever it is decoded: visible characters without those that
 * divide a path or begin a query, an escape or a parameter, and nothing that Unicode treats as one of them, such as a
 * full-width slash.
 */
export const isPathSafe = (text: string) =>
  text.length <= LONGEST_PART &&
  PATH_SAFE.test(text) &&
  text.trim() === text &&
  !/^\.{1,2}$/.test(text) &&
  text.normalize('NFKC') === text.normalize('NFC');
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

/** Returns one string per identifier, for maps, comparisons and opaque ids. */
export const businessKey = ({ scheme, value }: BusinessIdentifier) =>
  `${scheme}:${/[%:]/.test(value) ? encodeURIComponent(value) : value}`;

/** Parses the result of {@link businessKey}; returns undefined for any other text. */
export function readBusinessKey(key: string): BusinessIdentifier | undefined {
  const cut = key.lastIndexOf(':');
  const scheme = key.slice(0, cut);
  const part = key.slice(cut + 1);
  const value = part.includes('%') ? decoded(part) : part;
  return cut > 0 && isPathSafe(scheme) && value !== undefined && isPathSafe(value)
    ? { scheme, value }
    : undefined;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
