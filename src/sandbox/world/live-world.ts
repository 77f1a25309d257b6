import type { BankAccount } from '../data/bank-account.ts';
import { createBankAccount } from '../data/bank-account.ts';
import type { BusinessIdentifier } from '../data/business-identifier.ts';
import type { Merchant } from '../data/merchant.ts';
import { brandOf, countryOfScheme, createMerchant } from '../data/merchant.ts';
import type { PricePackage } from '../data/price-package.ts';
import type { OrderedProduct } from '../data/sales-unit.ts';
import { configurationOf, createUnitName } from '../data/sales-unit.ts';
import type { SeededRandom } from '../data/seeded-random.ts';
import type { UnitRecord } from '../data/units.ts';
import { SandboxError } from '../sandbox-error.ts';
import type { Clock } from './clock.ts';
import { Edits, type MerchantEdit, type UnitEdit } from './edits.ts';
import type { World } from './world.ts';

/** A world that can change. Additions, edits and deactivations are kept in small maps beside the generated world. */
export interface LiveWorld extends World {
  /** Adds a unit to the merchant with this identifier, creates the merchant if needed, and returns the unit's index. */
  addUnit(unit: NewUnit): number;
  editUnit(unit: number, edit: UnitEdit): void;
  editMerchant(merchant: number, edit: MerchantEdit): void;
  setPricePackages(partner: string, packages: readonly PricePackage[]): void;
  deactivateUnit(unit: number): void;
  deactivateMerchant(merchant: number): void;
  /** Connects a unit to another partner, or to none. */
  connectUnit(unit: number, partner: string | undefined): void;
  /** Discards every change since the start. Shows the other world from now on, if there is one. */
  reset(other?: { base: World; random: SeededRandom }): void;
}

interface NewUnit {
  businessIdentifier: BusinessIdentifier;
  partner: string | undefined;
  name?: string;
  /** Absent when it is not known, as with orders from before January 2026. */
  product?: OrderedProduct;
  bankAccount?: BankAccount;
}

interface AddedUnit extends UnitRecord, Pick<NewUnit, 'product' | 'bankAccount'> {
  readonly name: string;
}

// As many as a sandbox can start with. A test that runs for days must not fill the memory.
const MOST_ADDED = 100_000;

export function createLiveWorld(firstBase: World, firstRandom: SeededRandom, clock: Clock): LiveWorld {
  let base = firstBase;
  let random = firstRandom;
  const keyOf = ({ scheme, id }: BusinessIdentifier) => `${scheme} ${id}`;
  let unitsBefore = base.units.count;
  let merchantsBefore = base.merchantCount;
  const units: AddedUnit[] = [];
  const unitIndexes = new Map<string, number>();
  const unitsOf = new Map<number, number[]>();
  const merchants: Merchant[] = [];
  const merchantIndexes = new Map<string, number>();
  const closedUnits = new Set<number>();
  const closedMerchants = new Set<number>();
  const movedUnits = new Map<number, string | undefined>();
  const edits = new Edits();
  let version = base.version;

  const merchantIndex = (scheme: string, id: string) =>
    base.merchantIndex(scheme, id) ?? merchantIndexes.get(keyOf({ scheme, id }));
  const addMerchant = (identifier: BusinessIdentifier): number => {
    const index = merchantsBefore + merchants.length;
    const country = countryOfScheme(identifier.scheme);
    const now = new Date(clock.now()).toISOString();
    const merchant = createMerchant(random, index, identifier, 'ACTIVE', country);
    merchants.push({ ...merchant, createdAt: now, updatedAt: now });
    merchantIndexes.set(keyOf(identifier), index);
    return index;
  };

  const world: LiveWorld = {
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
      record(index) {
        const known = units[index - unitsBefore] ?? base.units.record(index);
        if (!movedUnits.has(index)) return known;
        const { partner: _before, ...rest } = known;
        const partner = movedUnits.get(index);
        return partner === undefined ? rest : { ...rest, partner };
      },
      indexOf: (msn) => base.units.indexOf(msn) ?? unitIndexes.get(msn),
      ofMerchant: (merchant) => [...base.units.ofMerchant(merchant), ...(unitsOf.get(merchant) ?? [])],
    },
    get orders() {
      return base.orders;
    },
    identifier: (merchant) =>
      merchants[merchant - merchantsBefore]?.businessIdentifier ?? base.identifier(merchant),
    merchant(index) {
      const merchant = edits.merchant(index, merchants[index - merchantsBefore] ?? base.merchant(index));
      return closedMerchants.has(index) ? { ...merchant, status: 'DEACTIVATED' } : merchant;
    },
    merchantIndex,
    unitName: (unit) => edits.unitName(unit) ?? units[unit - unitsBefore]?.name ?? base.unitName(unit),
    configuration(unit) {
      const product = units[unit - unitsBefore]?.product;
      return edits.configuration(
        unit,
        product ? configurationOf(random, unit, product) : base.configuration(unit),
      );
    },
    bankAccount(unit) {
      const added = units[unit - unitsBefore];
      if (!added) return base.bankAccount(unit);
      if (added.product?.productType === 'LOGIN') return null;
      const country = countryOfScheme(world.identifier(added.merchant).scheme);
      return added.bankAccount ?? createBankAccount(random, country, unit);
    },
    isLive(unit) {
      if (closedUnits.has(unit)) return false;
      const added = units[unit - unitsBefore];
      if (closedMerchants.size > 0 && closedMerchants.has((added ?? base.units.record(unit)).merchant))
        return false;
      return added ? added.active : base.isLive(unit);
    },
    pricePackages: (partner) => edits.packages(partner) ?? base.pricePackages(partner),
    addUnit({ businessIdentifier, partner, name, product, bankAccount }) {
      if (units.length >= MOST_ADDED) {
        throw new SandboxError(
          'CONFLICT',
          `The sandbox already has ${MOST_ADDED} new sales units. To add more, reset the state first.`,
        );
      }
      const merchant =
        merchantIndex(businessIdentifier.scheme, businessIdentifier.id) ?? addMerchant(businessIdentifier);
      const index = unitsBefore + units.length;
      const country = countryOfScheme(businessIdentifier.scheme);
      const ownName = name ?? createUnitName(random, country, brandOf(random, merchant, country), index);
      const extra = { ...(product && { product }), ...(bankAccount && { bankAccount }) };
      units.push({
        merchant,
        active: true,
        ...(partner !== undefined && { partner }),
        name: ownName,
        ...extra,
      });
      unitIndexes.set(base.units.msn(index), index);
      const ofMerchant = unitsOf.get(merchant);
      if (ofMerchant) ofMerchant.push(index);
      else unitsOf.set(merchant, [index]);
      version++;
      return index;
    },
    editUnit(unit, edit) {
      edits.editUnit(unit, edit);
      version++;
    },
    editMerchant(merchant, edit) {
      edits.editMerchant(merchant, edit, new Date(clock.now()).toISOString());
      version++;
    },
    setPricePackages(partner, packages) {
      edits.setPackages(partner, packages);
      version++;
    },
    deactivateUnit(unit) {
      closedUnits.add(unit);
      version++;
    },
    deactivateMerchant(merchant) {
      closedMerchants.add(merchant);
      version++;
    },
    connectUnit(unit, partner) {
      movedUnits.set(unit, partner);
      version++;
    },
    reset(other) {
      if (other) ({ base, random } = other);
      unitsBefore = base.units.count;
      merchantsBefore = base.merchantCount;
      units.length = 0;
      merchants.length = 0;
      for (const part of [unitIndexes, unitsOf, merchantIndexes, closedUnits, closedMerchants, movedUnits])
        part.clear();
      edits.clear();
      version++;
    },
  };
  return world;
}
