import type { DirectoryIndex, StoredAnswer } from '../../../src/directory/directory-index.ts';
import { visibleUnits } from '../../../src/sandbox/world/visibility.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { openSqliteDirectory } from '../../../src/store/directory/sqlite-directory.ts';
import type { BusinessIdentifier } from '../../../src/upstream/models/identifiers.ts';
import type { Merchant } from '../../../src/upstream/models/merchant.ts';
import type { SalesUnitDetails, SalesUnitSummary } from '../../../src/upstream/models/sales-unit.ts';

/** What is known of a unit, for those who look for it. */
export interface KnownUnit {
  readonly details: SalesUnitDetails;
  readonly merchant: Merchant;
}

/** Returns the units of a sandbox with their merchants, without a sandbox. */
export function knownUnits(count: number): KnownUnit[] {
  const world = createWorld(1, count);
  const merchants = new Map<number, Merchant>();
  const identifierOf = (merchant: number) => {
    const { scheme, id } = world.identifier(merchant);
    return { scheme, value: id };
  };
  const merchantOf = (index: number): Merchant => {
    const known = merchants.get(index);
    if (known) return known;
    const merchant = {
      businessIdentifier: identifierOf(index),
      name: world.merchant(index).name,
      status: 'ACTIVE',
      createdAt: '2026-01-01T00:00:00Z',
      updatedAt: null,
      countryCode: world.identifier(index).scheme.slice(9, 11),
      businessAddress: null,
      businessPostAddress: null,
    } satisfies Merchant;
    merchants.set(index, merchant);
    return merchant;
  };
  return [...visibleUnits(world, { kind: 'partner', partner: 'sandbox-partner' })].map((unit) => {
    const merchant = merchantOf(world.units.record(unit).merchant);
    const details = {
      msn: world.units.msn(unit),
      name: world.unitName(unit),
      businessIdentifier: merchant.businessIdentifier,
      configuration: world.configuration(unit),
    } as unknown as SalesUnitDetails;
    return { details, merchant };
  });
}

/** Opens the directory in a file. */
export const openKnown = (file: string): DirectoryIndex =>
  openSqliteDirectory({
    file,
    maxAgeMs: 86_400_000,
    changesKeepMs: 86_400_000,
    gapMs: 86_400_000,
    confirmMs: 0,
    onDamage: () => {},
  });

/** Opens a directory and stores these units in it. */
export async function directoryOf(units: readonly KnownUnit[], file = ':memory:'): Promise<DirectoryIndex> {
  const readAt = Date.now();
  const index = openKnown(file);
  const value = units.map(({ details }): SalesUnitSummary => details);
  await index.store([{ kind: 'salesUnits', isWhole: true, value, readAt }]);
  const ofUnits = units.map(
    ({ details }): StoredAnswer => ({ kind: 'salesUnit', msn: details.msn, value: details, readAt }),
  );
  const ofMerchants = [...new Set(units.map(({ merchant }) => merchant))].map(
    (merchant): StoredAnswer => ({
      kind: 'merchant',
      identifier: merchant.businessIdentifier as BusinessIdentifier,
      value: merchant,
      readAt,
    }),
  );
  await index.store(ofUnits);
  await index.store(ofMerchants);
  return index;
}
