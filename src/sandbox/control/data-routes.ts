import type { Clock } from '../world/clock.ts';
import { ControlError } from './control-error.ts';
import type { ControlRoute } from './control-route.ts';
import { readObject, run } from './control-route.ts';

/** What the data is made from. */
export interface DataSource {
  readonly seed: number;
  /** Sales units that the main partner sees at first. */
  readonly units: number;
}

export const MOST_UNITS = 100_000;
// The data is made from 32 bits of it: higher seeds would be other names for the same data.
export const HIGHEST_SEED = 2 ** 32 - 1;

interface DataParts {
  clock: Clock;
  source(): DataSource;
  /** How many there are now of the things that the sandbox holds. */
  counts(): Record<string, number>;
  /** Forgets everything that happened, and makes the data anew where this differs from what it was made from. */
  reset(source: DataSource): void;
}

/** The control routes that show what the data is and make it anew. */
export function createDataRoutes({ clock, source, counts, reset }: DataParts): ControlRoute[] {
  return [
    {
      method: 'GET',
      template: '/_sandbox/state',
      handle() {
        const { aheadMs } = clock;
        const now = new Date(clock.now()).toISOString();
        return { status: 200, value: { ...source(), now, aheadMs, counts: counts() } };
      },
    },
    {
      method: 'POST',
      template: '/_sandbox/state/reset',
      handle({ optionalJson }) {
        const { seed = source().seed, units = source().units } = readObject(optionalJson(), [
          'seed',
          'units',
        ]);
        if (!isWithin(seed, 0, HIGHEST_SEED)) {
          throw new ControlError(400, `"seed" must be a whole number from 0 to ${HIGHEST_SEED}.`);
        }
        if (!isWithin(units, 1, MOST_UNITS)) {
          throw new ControlError(400, `"units" must be a whole number from 1 to ${MOST_UNITS}.`);
        }
        return run(() => reset({ seed, units }));
      },
    },
  ];
}

function isWithin(value: unknown, lowest: number, highest: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= highest;
}
