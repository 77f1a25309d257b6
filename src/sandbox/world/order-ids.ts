import type { SeededRandom } from '../data/seeded-random.ts';

/** The ids of the orders that are made: the n-th of a sandbox follows from its seed. */
export interface OrderIds {
  next(): string;
  /** Begins with the first again, as after a start with this seed. */
  restart(random: SeededRandom): void;
}

export function createOrderIds(firstRandom: SeededRandom): OrderIds {
  let random = firstRandom;
  let made = 0;
  return {
    next: () => random.uuid('new order', made++),
    restart(newRandom) {
      random = newRandom;
      made = 0;
    },
  };
}
