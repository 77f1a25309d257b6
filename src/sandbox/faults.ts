import type { Dice } from './data/dice.ts';
import type { Fault } from './fault.ts';
import { readFault } from './fault.ts';

/** A fault that is on. */
export interface FaultEntry {
  readonly id: string;
  readonly fault: Fault;
  readonly happened: number;
  /** How often it will still happen; null for ever. */
  readonly left: number | null;
}

export interface Faults {
  /** Checks the fault and adds it; the answer is its id. Throws a FaultError when it is not valid. */
  add(input: unknown): string;
  /** The faults that are on, in the order in which they are tried. */
  list(): readonly FaultEntry[];
  /** Ends one fault; false when there is none with this id. */
  remove(id: string): boolean;
  clear(): void;
  /** The fault that happens to this call, if any. The first one added that applies wins. */
  take(route: string, path: string): Fault | undefined;
}

export function createFaults(dice: Dice, routes: readonly string[]): Faults {
  let faults: { id: number; fault: Fault; seen: number; happened: number }[] = [];
  let lastId = 0;

  return {
    add(input) {
      const fault = readFault(input, routes);
      lastId++;
      faults.push({ id: lastId, fault, seen: 0, happened: 0 });
      return String(lastId);
    },
    list: () =>
      faults.map(({ id, fault, happened }) => ({
        id: String(id),
        fault,
        happened,
        left: fault.times === undefined ? null : fault.times - happened,
      })),
    remove(id) {
      const before = faults.length;
      faults = faults.filter((entry) => String(entry.id) !== id);
      return faults.length < before;
    },
    clear() {
      faults = [];
    },
    take(route, path) {
      for (const entry of faults) {
        const { fault } = entry;
        if (fault.route !== route || (fault.path !== undefined && fault.path !== path)) continue;
        if (fault.rate !== undefined && !dice.chance(fault.rate, `fault ${entry.id}`, entry.seen++)) continue;
        entry.happened++;
        if (entry.happened === fault.times) faults = faults.filter((other) => other !== entry);
        return fault;
      }
      return undefined;
    },
  };
}
