/** Fields that are resolved in one turn, which takes 3 to 10 ms. */
const UNITS_PER_TURN = 3_000;

/** The part of {@link Turns} that operations use. */
export type TakesTurns = Pick<Turns, 'take' | 'next'>;

interface Waiting {
  readonly units: number;
  readonly go: () => void;
}

/**
 * Shares the event loop between large operations. A unit is about one field of an answer. Between two turns the process
 * reads sockets, fires timers and notices that a client left.
 */
export class Turns {
  #used = 0;
  #isArmed = false;
  #waiting: Waiting[] = [];
  #first = 0;

  /** Takes units of this turn. Returns false if too few are left, or if others are waiting. */
  take(units: number): boolean {
    if (this.#first < this.#waiting.length || this.#used + units > UNITS_PER_TURN) return false;
    this.#used += units;
    this.#arm();
    return true;
  }

  /** Resolves when it is the caller's turn, in the order of the calls. */
  next(units: number): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ units, go });
      this.#arm();
    });
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => this.#begin());
  }

  #begin(): void {
    this.#isArmed = false;
    this.#used = 0;
    for (let next = this.#waiting[this.#first]; next; next = this.#waiting[this.#first]) {
      // The first one always runs, however large it is.
      if (this.#used > 0 && this.#used + next.units > UNITS_PER_TURN) break;
      this.#used += next.units;
      this.#first++;
      next.go();
    }
    if (this.#first < this.#waiting.length) this.#arm();
    else {
      this.#waiting = [];
      this.#first = 0;
    }
  }
}

/** Returns how many objects with this many fields are completed in one turn. */
export const objectsPerTurn = (fields: number) =>
  Math.max(1, Math.floor(UNITS_PER_TURN / Math.max(1, fields)));
