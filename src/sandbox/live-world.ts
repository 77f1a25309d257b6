import type { Clock } from './clock.ts';
import type { BusinessIdentifier } from './data/business-identifier.ts';
import type { Dice } from './data/dice.ts';
import type { Merchant } from './data/merchant.ts';
import { brandOf, countryOfScheme, createMerchant } from './data/merchant.ts';
import { createUnitName } from './data/sales-unit.ts';
import type { UnitPlace } from './data/units.ts';
import type { World } from './data.ts';

/** A world in which things happen. What was added or closed lies in small maps beside the generated world. */
export interface LiveWorld extends World {
  /** Adds a unit to the merchant with this identifier, which becomes one if it is none, and gives the unit's index. */
  addUnit(unit: { businessIdentifier: BusinessIdentifier; partner: string; name?: string }): number;
  deactivateUnit(unit: number): void;
  deactivateMerchant(merchant: number): void;
  /** Forgets everything that happened since the start; with another world, that one is shown from now on. */
  reset(other?: { base: World; dice: Dice }): void;
}

export function createLiveWorld(firstBase: World, firstDice: Dice, clock: Clock): LiveWorld {
  let base = firstBase;
  let dice = firstDice;
  const keyOf = ({ scheme, id }: BusinessIdentifier) => `${scheme} ${id}`;
  let unitsBefore = base.units.count;
  let merchantsBefore = base.merchantCount;
  const units: (UnitPlace & { name: string })[] = [];
  const unitIndexes = new Map<string, number>();
  const unitsOf = new Map<number, number[]>();
  const merchants: Merchant[] = [];
  const merchantIndexes = new Map<string, number>();
  const closedUnits = new Set<number>();
  const closedMerchants = new Set<number>();
  let version = base.version;

  const merchantIndex = (scheme: string, id: string) =>
    base.merchantIndex(scheme, id) ?? merchantIndexes.get(keyOf({ scheme, id }));
  const addMerchant = (identifier: BusinessIdentifier): number => {
    const index = merchantsBefore + merchants.length;
    const country = countryOfScheme(identifier.scheme);
    const now = new Date(clock.now()).toISOString();
    const merchant = createMerchant(dice, index, identifier, 'ACTIVE', country);
    merchants.push({ ...merchant, createdAt: now, updatedAt: now });
    merchantIndexes.set(keyOf(identifier), index);
    return index;
  };

  return {
    get version() {
      return version;
    },
    get merchantCount() {
      return merchantsBefore + merchants.length;
    },
    units: {
      get count() {
        return unitsBefore + units.length;
      },
      get merchantCount() {
        return base.units.merchantCount;
      },
      msn: (index) => base.units.msn(index),
      place: (index) => units[index - unitsBefore] ?? base.units.place(index),
      indexOf: (msn) => base.units.indexOf(msn) ?? unitIndexes.get(msn),
      ofMerchant: (merchant) => [...base.units.ofMerchant(merchant), ...(unitsOf.get(merchant) ?? [])],
    },
    get orders() {
      return base.orders;
    },
    identifier: (merchant) =>
      merchants[merchant - merchantsBefore]?.businessIdentifier ?? base.identifier(merchant),
    merchant(index) {
      const merchant = merchants[index - merchantsBefore] ?? base.merchant(index);
      return closedMerchants.has(index) ? { ...merchant, status: 'DEACTIVATED' } : merchant;
    },
    merchantIndex,
    unitName: (unit) => units[unit - unitsBefore]?.name ?? base.unitName(unit),
    configuration: (unit) => base.configuration(unit),
    isLive(unit) {
      if (closedUnits.has(unit)) return false;
      const added = units[unit - unitsBefore];
      if (closedMerchants.size > 0 && closedMerchants.has((added ?? base.units.place(unit)).merchant))
        return false;
      return added ? added.active : base.isLive(unit);
    },
    pricePackages: (partner) => base.pricePackages(partner),
    addUnit({ businessIdentifier, partner, name }) {
      const merchant =
        merchantIndex(businessIdentifier.scheme, businessIdentifier.id) ?? addMerchant(businessIdentifier);
      const index = unitsBefore + units.length;
      const country = countryOfScheme(businessIdentifier.scheme);
      const ownName = name ?? createUnitName(dice, country, brandOf(dice, merchant, country), index);
      units.push({ merchant, active: true, partner, name: ownName });
      unitIndexes.set(base.units.msn(index), index);
      unitsOf.set(merchant, [...(unitsOf.get(merchant) ?? []), index]);
      version++;
      return index;
    },
    deactivateUnit(unit) {
      closedUnits.add(unit);
      version++;
    },
    deactivateMerchant(merchant) {
      closedMerchants.add(merchant);
      version++;
    },
    reset(other) {
      if (other) ({ base, dice } = other);
      unitsBefore = base.units.count;
      merchantsBefore = base.merchantCount;
      units.length = 0;
      merchants.length = 0;
      for (const part of [unitIndexes, unitsOf, merchantIndexes, closedUnits, closedMerchants]) part.clear();
      version++;
    },
  };
}
