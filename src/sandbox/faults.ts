import type { Dice } from './data/dice.ts';
import type { Fault } from './fault.ts';
import { readFault } from './fault.ts';

export interface Faults {
  /** Checks the fault and adds it; the answer is its id. Throws a FaultError when it is not valid. */
  add(input: unknown): string;
  clear(): void;
  /** The faults that are on, with how often each happened and, when that is limited, how often it still will. */
  list(): readonly { id: string; fault: Fault; happened: number; left: number | null }[];
  /** False when there is no such fault. */
  remove(id: string): boolean;
  /** The fault that happens to this call, if any. The first one added that applies wins. */
  take(route: string, path: string): Fault | undefined;
}

export function createFaults(dice: Dice, routes: readonly string[]): Faults {
  let faults: { id: number; fault: Fault; seen: number; happened: number; left: number }[] = [];
  let lastId = 0;

  return {
    add(input) {
      const fault = readFault(input, routes);
      lastId++;
      faults.push({ id: lastId, fault, seen: 0, happened: 0, left: fault.times ?? Number.POSITIVE_INFINITY });
      return String(lastId);
    },
    clear() {
      faults = [];
    },
    list: () =>
      faults.map(({ id, fault, happened, left }) => ({
        id: String(id),
        fault,
        happened,
        left: Number.isFinite(left) ? left : null,
      })),
    remove(id) {
      const before = faults.length;
      faults = faults.filter((entry) => String(entry.id) !== id);
      return faults.length < before;
    },
    take(route, path) {
      for (const entry of faults) {
        const { fault } = entry;
        if (fault.route !== route || (fault.path !== undefined && fault.path !== path)) continue;
        if (fault.rate !== undefined && !dice.chance(fault.rate, `fault ${entry.id}`, entry.seen++)) continue;
        entry.happened++;
        entry.left--;
        if (entry.left <= 0) faults = faults.filter((other) => other !== entry);
        return fault;
      }
      return undefined;
    },
  };
}
