import type { Caller } from './caller.ts';
import type { World } from './world.ts';

/**
 * A partner sees the active units of active merchants that are connected to it. A merchant sees its own (source: the API's
 * guide and FAQ). Everything else looks as if it did not exist.
 */
export function seesUnit(world: World, caller: Caller, unit: number): boolean {
  if (!world.isLive(unit)) return false;
  const { merchant, partner } = world.units.record(unit);
  return caller.kind === 'merchant' ? merchant === caller.merchant : partner === caller.partner;
}

/** The units of one merchant that the caller sees; without any, the merchant is invisible as well. */
export function visibleUnitsOf(world: World, caller: Caller, merchant: number): number[] {
  return world.units.ofMerchant(merchant).filter((unit) => seesUnit(world, caller, unit));
}

/** All units that the caller sees, in no promised order. */
export function* visibleUnits(world: World, caller: Caller): Generator<number> {
  for (let unit = 0; unit < world.units.count; unit++) if (seesUnit(world, caller, unit)) yield unit;
}
