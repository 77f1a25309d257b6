import type { SeededRandom } from '../data/seeded-random.ts';
import type { TenantName } from '../keys/callers.ts';
import type { Fault } from './fault.ts';
import type { FaultTargets } from './read-fault.ts';
import { readFault } from './read-fault.ts';

/** An active fault. */
export interface FaultEntry {
  readonly id: string;
  readonly fault: Fault;
  readonly happened: number;
  /** How many more times it will happen; null for no limit. */
  readonly left: number | null;
}

/** A call that a fault may happen to. */
interface Target {
  /** Name of the route. */
  readonly key: string;
  readonly isApi: boolean;
  readonly path: string;
  readonly tenant: TenantName | null;
}

export interface Faults {
  /** Adds a fault and returns its id. Throws a FaultError when it is invalid. */
  add(input: unknown): string;
  /** Returns the active faults, in the order in which they are tried. */
  list(): readonly FaultEntry[];
  /** Ends one fault. Returns false when there is no fault with this id. */
  remove(id: string): boolean;
  clear(): void;
  /** Ends all faults and starts again with id 1, so that faults with a `rate` happen to the same calls as after a start. */
  restart(): void;
  /** Returns the fault that happens to this call, if any: the first one added that applies. */
  take(call: Target): Pick<FaultEntry, 'id' | 'fault'> | undefined;
}

interface Entry {
  id: string;
  fault: Fault;
  seen: number;
  happened: number;
}

export function createFaults(random: SeededRandom, targets: FaultTargets): Faults {
  let entries: Entry[] = [];
  let lastId = 0;

  return {
    add(input) {
      const fault = readFault(input, targets);
      const id = String(++lastId);
      entries.push({ id, fault, seen: 0, happened: 0 });
      return id;
    },
    list: () =>
      entries.map(({ id, fault, happened }) => ({
        id,
        fault,
        happened,
        left: fault.times === undefined ? null : fault.times - happened,
      })),
    remove(id) {
      const before = entries.length;
      entries = entries.filter((entry) => entry.id !== id);
      return entries.length < before;
    },
    clear() {
      entries = [];
    },
    restart() {
      entries = [];
      lastId = 0;
    },
    take(call) {
      for (const entry of entries) {
        const { id, fault } = entry;
        if (!applies(fault, call)) continue;
        if (fault.rate !== undefined && !random.chance(fault.rate, `fault ${id}`, entry.seen++)) continue;
        entry.happened++;
        if (entry.happened === fault.times) entries = entries.filter((other) => other !== entry);
        return entry;
      }
      return undefined;
    },
  };
}

function applies({ route = '*', path, tenant }: Fault, call: Target): boolean {
  const isRoute = route === '*' ? call.isApi : route === call.key;
  return (
    isRoute && (path === undefined || path === call.path) && (tenant === undefined || tenant === call.tenant)
  );
}
