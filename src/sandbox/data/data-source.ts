/** What the data is made from. */
export interface DataSource {
  readonly seed: number;
  /** Sales units that the main partner sees at first. */
  readonly units: number;
}

export const MOST_UNITS = 100_000;
// The generator uses 32 bits of the seed, so a higher seed would give the same data as a lower one.
export const HIGHEST_SEED = 2 ** 32 - 1;

/** Throws a RangeError when no data can be made from this source. */
export function checkDataSource({ seed, units }: DataSource): void {
  if (!Number.isInteger(units) || units < 1 || units > MOST_UNITS) {
    throw new RangeError(`The number of sales units must be a whole number from 1 to ${MOST_UNITS}.`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > HIGHEST_SEED) {
    throw new RangeError(`The seed must be a whole number from 0 to ${HIGHEST_SEED}.`);
  }
}
