import type { Dice } from './data/dice.ts';

/** Gives ids to new orders; the n-th of a sandbox follows from its seed. */
export interface OrderIds {
  next(): string;
  /** Begins with the first id again, which is safe only when no order is left. */
  restart(): void;
}

export function createOrderIds(dice: Dice): OrderIds {
  let given = 0;
  return {
    next: () => dice.uuid('new order', given++),
    restart() {
      given = 0;
    },
  };
}
