import type { World } from '../../world/world.ts';

interface UnitPage {
  readonly units: readonly number[];
  readonly hasNext: boolean;
}

/** A page of all units, newest first. They go by index, so no more of them are looked at than are shown. */
export function pageOfUnits(world: World, skip: number, count: number): UnitPage {
  const newest = world.units.count - 1 - skip;
  const length = Math.max(0, Math.min(count, newest + 1));
  return { units: Array.from({ length }, (_, at) => newest - at), hasNext: newest >= count };
}

/** The units whose MSN or name has this text in it, newest first. It looks no further than the page that is asked for. */
export function findUnits(world: World, text: string, skip: number, count: number): UnitPage {
  const wanted = text.toLowerCase();
  const isNumber = /^\d+$/.test(wanted);
  const units: number[] = [];
  let found = 0;
  for (let unit = world.units.count - 1; unit >= 0; unit--) {
    // Names cost the most, and a unit's own MSN is what is searched for most.
    const fits =
      (isNumber && world.units.msn(unit).includes(wanted)) ||
      world.unitName(unit).toLowerCase().includes(wanted);
    if (!fits || found++ < skip) continue;
    if (units.length === count) return { units, hasNext: true };
    units.push(unit);
  }
  return { units, hasNext: false };
}
