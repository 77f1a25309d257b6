import { msnOf } from './merchant-serial-number.ts';
import type { SeededRandom } from './seeded-random.ts';

/** The partner that most of the sandbox is connected to. */
export const MAIN_PARTNER = 'sandbox-partner';
/** Sees a handful of units of its own, so that visibility is real. */
export const OTHER_PARTNER = 'other-partner';

/** The merchant and partner of a unit, and whether the unit is active. */
export interface UnitRecord {
  readonly merchant: number;
  readonly active: boolean;
  /** The partner that the unit is connected to; a unit belongs to one partner at most. */
  readonly partner?: string;
}

/** Every sales unit by index: the visible ones of the main partner first, computed; then the few written out below. */
export interface Units {
  readonly count: number;
  /** How many merchants the computed units have; the indexes of the other merchants follow. */
  readonly merchantCount: number;
  record(index: number): UnitRecord;
  msn(index: number): string;
  indexOf(msn: string): number | undefined;
  ofMerchant(merchant: number): number[];
}

const UNITS_PER_MERCHANT = 5;

/** Merchants beyond the visible ones, counted from the first of them. */
export const hiddenMerchants = {
  deactivated: 0,
  ofOtherPartner: 1,
  alsoOfOtherPartner: 2,
  withoutActiveUnit: 3,
  count: 4,
};

/** `crowd`: how many of the visible units all belong to the first merchant. */
export function createUnits(random: SeededRandom, visible: number, crowd = 0): Units {
  const merchantCount = Math.ceil(visible / UNITS_PER_MERCHANT);
  const extra = hiddenUnits(merchantCount);
  const count = visible + extra.length;
  const offset = random.below(1_000_000, 'msn', 0);

  const indexes = new Map<string, number>();
  for (let index = 0; index < count; index++) indexes.set(msnOf(index, offset), index);

  return {
    count,
    merchantCount,
    record: (index) =>
      extra[index - visible] ?? {
        merchant: index < crowd ? 0 : index % merchantCount,
        active: true,
        partner: MAIN_PARTNER,
      },
    msn: (index) => msnOf(index, offset),
    indexOf: (msn) => indexes.get(msn),
    ofMerchant(merchant) {
      const found = merchant === 0 ? Array.from({ length: Math.min(crowd, visible) }, (_, at) => at) : [];
      // Units are assigned to merchants in turn, so those of one merchant are a fixed distance apart.
      if (merchant < merchantCount) {
        for (let index = merchant; index < visible; index += merchantCount)
          if (index >= crowd) found.push(index);
      }
      extra.forEach((place, at) => {
        if (place.merchant === merchant) found.push(visible + at);
      });
      return found;
    },
  };
}

function hiddenUnits(merchantCount: number): UnitRecord[] {
  const { deactivated, ofOtherPartner, alsoOfOtherPartner, withoutActiveUnit } = hiddenMerchants;
  const units = (merchant: number, count: number, rest: Omit<UnitRecord, 'merchant'>) =>
    Array.from({ length: count }, () => ({ merchant, ...rest }));
  return [
    // The first visible merchant also has a unit that is closed, one with another partner and one with no partner.
    ...units(0, 1, { active: false, partner: MAIN_PARTNER }),
    ...units(0, 1, { active: true, partner: OTHER_PARTNER }),
    ...units(0, 1, { active: true }),
    ...units(merchantCount + deactivated, 2, { active: true, partner: MAIN_PARTNER }),
    ...units(merchantCount + ofOtherPartner, 3, { active: true, partner: OTHER_PARTNER }),
    ...units(merchantCount + alsoOfOtherPartner, 2, { active: true, partner: OTHER_PARTNER }),
    ...units(merchantCount + withoutActiveUnit, 2, { active: false, partner: MAIN_PARTNER }),
  ];
}
