import { SandboxError } from '../sandbox-error.ts';

/** The sandbox's own time. It runs at the speed of real time and can be moved ahead, so that a test can see a token expire. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** How many milliseconds it is ahead of real time. */
  readonly aheadMs: number;
  /** Moves the clock ahead by this many milliseconds; throws a SandboxError when the result is beyond the year 9000. */
  advance(ms: number): void;
}

/** A clock that can also go back. Its caller must revoke everything that had expired, such as tokens, which would be valid again. */
export interface RestartableClock extends Clock {
  /** Goes back to real time. */
  restart(): void;
}

// A date has an end, and orders and tokens expire after now. Years of five digits are written in another form.
const END = Date.UTC(9001, 0);

export function createClock(): RestartableClock {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  return {
    now,
    get aheadMs() {
      return ahead;
    },
    advance(ms) {
      // Going back would make an expired token valid again, which no server does.
      if (!Number.isFinite(ms) || ms < 0)
        throw new RangeError('The clock can only be advanced by 0 ms or more.');
      if (now() + ms >= END)
        throw new SandboxError('INVALID', 'The clock cannot be moved beyond the year 9000.');
      ahead += ms;
    },
    restart() {
      ahead = 0;
    },
  };
}
