import type { Dice } from '../data/seeded-random.ts';

/** The ids of the orders that are made: the n-th of a sandbox follows from its seed. */
export interface OrderIds {
  next(): string;
  /** Begins with the first again, as a sandbox does that starts with these dice. */
  restart(dice: Dice): void;
}

export function createOrderIds(firstDice: Dice): OrderIds {
  let dice = firstDice;
  let made = 0;
  return {
    next: () => dice.uuid('new order', made++),
    restart(newDice) {
      dice = newDice;
      made = 0;
    },
  };
}
