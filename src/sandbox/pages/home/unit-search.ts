import type { World } from '../../world/world.ts';

interface UnitPage {
  readonly units: readonly number[];
  readonly hasNext: boolean;
}

/** Returns a page of all units, newest first. Reads only the units that it shows. */
export function pageOfUnits(world: World, skip: number, count: number): UnitPage {
  const newest = world.units.count - 1 - skip;
  const length = Math.max(0, Math.min(count, newest + 1));
  return { units: Array.from({ length }, (_, at) => newest - at), hasNext: newest >= count };
}

/** Returns a page of the units whose MSN or name contains the text, newest first. Stops at the end of that page. */
export function findUnits(world: World, text: string, skip: number, count: number): UnitPage {
  const wanted = text.toLowerCase();
  const isNumber = /^\d+$/.test(wanted);
  const units: number[] = [];
  let found = 0;
  for (let unit = world.units.count - 1; unit >= 0; unit--) {
    // Compares MSNs first, since they are cheaper and the most common search.
    const fits =
      (isNumber && world.units.msn(unit).includes(wanted)) ||
      world.unitName(unit).toLowerCase().includes(wanted);
    if (!fits || found++ < skip) continue;
    if (units.length === count) return { units, hasNext: true };
    units.push(unit);
  }
  return { units, hasNext: false };
}
