/** What the sandbox has been asked since it started or was reset. Control routes are never counted. */
export interface SandboxStats {
  /** Number of calls by route, such as "GET /management/v1/sales-units/{msn}"; routes never called are left out. */
  calls: Record<string, number>;
  /** Calls of the token routes, which are in `calls` too. */
  tokenCalls: number;
  /** The most calls that were in progress at once. */
  peak: number;
  /** Calls whose socket the client closed before the answer was finished. */
  aborted: number;
}

export interface CallRecord {
  /** When the call arrived: milliseconds since the sandbox started, with one decimal. */
  at: number;
  method: string;
  /** With its query string. */
  path: string;
  template: string;
  /** Null while there is no answer, and for ever when the call was aborted, reset or left hanging. */
  status: number | null;
}

export interface Stats {
  /** Notes a call that has arrived; its status is filled in later by the caller. */
  begin(call: { key: string; isToken: boolean; method: string; path: string; template: string }): CallRecord;
  /** Notes that a call is no longer in progress. */
  end(): void;
  abort(): void;
  read(): SandboxStats;
  /** The last 5000 calls, oldest first. */
  calls(): CallRecord[];
  reset(): void;
}

const LOG_LENGTH = 5000;

export function createStats(): Stats {
  const started = performance.now();
  let counts = new Map<string, number>();
  let log: CallRecord[] = [];
  let oldest = 0;
  let tokenCalls = 0;
  let inProgress = 0;
  let peak = 0;
  let aborted = 0;

  return {
    begin({ key, isToken, method, path, template }) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (isToken) tokenCalls++;
      inProgress++;
      if (inProgress > peak) peak = inProgress;
      const at = Math.round((performance.now() - started) * 10) / 10;
      const record: CallRecord = { at, method, path, template, status: null };
      // A ring: the newest call takes the place of the oldest.
      if (log.length < LOG_LENGTH) log.push(record);
      else {
        log[oldest] = record;
        oldest = (oldest + 1) % LOG_LENGTH;
      }
      return record;
    },
    end() {
      inProgress--;
    },
    abort() {
      aborted++;
    },
    read: () => ({ calls: Object.fromEntries(counts), tokenCalls, peak, aborted }),
    calls: () => [...log.slice(oldest), ...log.slice(0, oldest)].map((record) => ({ ...record })),
    reset() {
      counts = new Map();
      log = [];
      oldest = 0;
      tokenCalls = 0;
      aborted = 0;
      // Calls that are still running belong to the new count, else their end would make it wrong.
      peak = inProgress;
    },
  };
}
