import { HttpError } from '../http/http-error.ts';
import type { Clock } from '../world/clock.ts';
import type { ControlRoute } from './control-route.ts';
import { readObject } from './control-route.ts';

/** Creates the control route that moves the clock. */
export function createClockRoute(clock: Clock): ControlRoute {
  return {
    method: 'POST',
    template: '/_sandbox/clock',
    handle({ json }) {
      const { advanceMs } = readObject(json(), ['advanceMs']);
      if (typeof advanceMs !== 'number' || advanceMs < 0) {
        throw new HttpError(400, '"advanceMs" must be a number of milliseconds, 0 or more.');
      }
      clock.advance(advanceMs);
      return { status: 200, value: { now: new Date(clock.now()).toISOString() } };
    },
  };
}
