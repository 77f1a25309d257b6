import type { DataSource } from '../data/data-source.ts';
import { HIGHEST_SEED, MOST_UNITS } from '../data/data-source.ts';
import { HttpError } from '../http/http-error.ts';
import type { Clock } from '../world/clock.ts';
import type { ControlRoute } from './control-route.ts';
import { readObject, run } from './control-route.ts';

interface DataParts {
  clock: Clock;
  source(): DataSource;
  /** Returns how many of each kind of thing the sandbox has now. */
  counts(): Record<string, number>;
  /** Discards every change, and generates other data when the source differs. */
  reset(source: DataSource): void;
}

/** Creates the control routes that describe and reset the data. */
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
          throw new HttpError(400, `"seed" must be a whole number from 0 to ${HIGHEST_SEED}.`);
        }
        if (!isWithin(units, 1, MOST_UNITS)) {
          throw new HttpError(400, `"units" must be a whole number from 1 to ${MOST_UNITS}.`);
        }
        return run(() => reset({ seed, units }));
      },
    },
  ];
}

function isWithin(value: unknown, lowest: number, highest: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= highest;
}
