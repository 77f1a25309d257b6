/** The sandbox's own time. It runs as real time does and can be moved ahead, so that a test sees a token expire. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** By how many milliseconds it is ahead of real time. */
  readonly aheadMs: number;
  /** Moves the clock ahead by this many milliseconds. */
  advance(ms: number): void;
}

/** The same, for the sandbox alone: whoever calls `restart` must end what expired before, tokens above all. */
export interface RestartableClock extends Clock {
  /** Goes back to real time. */
  restart(): void;
}

export function createClock(): RestartableClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    get aheadMs() {
      return ahead;
    },
    advance(ms) {
      // Going back would make an expired token valid again, which no server does.
      if (!Number.isFinite(ms) || ms < 0)
        throw new RangeError('The clock can only be advanced by 0 ms or more.');
      ahead += ms;
    },
    restart() {
      ahead = 0;
    },
  };
}
