import { type SearchFlag, searchFlags } from '../../directory/search-query.ts';
import { BROKEN, type Leaf } from '../../upstream/models/broken.ts';
import type { SalesUnitConfiguration } from '../../upstream/models/sales-unit.ts';

/** The settings of a unit, in the order of their bits. Appending is safe; any other change needs a new version of the file. */
export const flagNames: readonly SearchFlag[] = Object.values(searchFlags);

/** Two bits for each setting. `UNREADABLE` has the bits of both values, since it may be either. */
const ABSENT = 0;
const FALSE = 1;
const TRUE = 2;
const UNREADABLE = 3;

const bitsOf = (value: Leaf<boolean | undefined>): number => {
  if (value === BROKEN) return UNREADABLE;
  if (value === undefined) return ABSENT;
  return value ? TRUE : FALSE;
};

/** Packs the settings into one number. */
export function packFlags(configuration: Leaf<SalesUnitConfiguration>): number {
  let packed = 0;
  for (const [index, name] of flagNames.entries())
    packed |= (configuration === BROKEN ? UNREADABLE : bitsOf(configuration[name])) << (2 * index);
  return packed;
}

/** Returns the bits of which one must be set for the setting to have this value. */
export const flagMask = (name: SearchFlag, value: boolean): number =>
  (value ? TRUE : FALSE) << (2 * flagNames.indexOf(name));

/** Returns a setting of packed ones; null if it is absent or unreadable. */
export function unpackFlag(packed: number, index: number): boolean | null {
  const bits = (packed >> (2 * index)) & UNREADABLE;
  return bits === TRUE ? true : bits === FALSE ? false : null;
}
