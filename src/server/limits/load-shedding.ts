import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { onceServed } from '../connections/streaming.ts';
import { type HttpError, overloaded } from '../errors/http-error.ts';
import { errorBody } from '../http/error-body.ts';
import { securityHeaders } from '../http/with-security-headers.ts';

const TICK_MS = 50;
/** With less idle time than this, the event loop has more work than it can do. */
const BUSY = 0.95;
/** A burst of requests keeps the loop busy for less than this. */
const BURST_MS = 400;
/** How long a request may wait for its start. */
const MOST_WAIT_S = 1;
/** The same while more is refused than accepted: then a new request replaces each that starts. */
const MOST_WAIT_IN_FLOOD_S = 0.03;
/** With this many requests waiting or fewer, none is refused. */
const FEW = 256;
/** The same while more is refused than accepted. */
const FEW_IN_FLOOD = 8;
/** However idle the loop is: more requests under way take too much memory. */
const MOST = 2_000;
/** The weight of a new tick in the average of how many are started per second. */
const WEIGHT = 0.2;
/** How much more is accepted after a tick in which requests were refused although the loop had idle time. */
const RISE = 1.1;

const REFUSAL = JSON.stringify(errorBody(overloaded()));
const REFUSAL_HEADERS = {
  ...securityHeaders,
  ...overloaded().headers,
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(REFUSAL),
};

export interface LoadSheddingOptions {
  /** Called at most twenty times a second, with how many requests were refused since. */
  readonly onShed?: (count: number) => void;
  /** How long a process takes to answer that operations of this one ask; none if absent. */
  readonly lagMs?: (() => number) | undefined;
}

/**
 * Refuses requests while the event loop has been busy for longer than a burst keeps it. So many may wait for their start
 * as are started in {@link MOST_WAIT_S}: more would only make all of them late. Those that wait for the upstream do not
 * count. How late timers are is no measure, since long work is divided into short turns. While more than half is
 * accepted, the bodies are read and only queries are refused, which leaves a reserve for writes. Probes have a server of
 * their own.
 */
export class LoadShedding {
  readonly #onShed: (count: number) => void;
  readonly #lagMs: () => number;
  readonly #timer: NodeJS.Timeout;
  #limit = MOST;
  #isFlood = false;
  /** Those that are answered only if they write. */
  readonly #surplus = new WeakSet<ServerResponse>();
  #underWay = 0;
  #waiting = 0;
  #busyMs = 0;
  #perSecond = 0;
  #tick = { accepted: 0, refused: 0, started: 0 };

  constructor({ onShed = () => {}, lagMs = () => 0 }: LoadSheddingOptions = {}) {
    this.#onShed = onShed;
    this.#lagMs = lagMs;
    let at = performance.now();
    let used = performance.eventLoopUtilization();
    this.#timer = setInterval(() => {
      const now = performance.now();
      const { utilization } = performance.eventLoopUtilization(used);
      this.tick(utilization, now - at);
      at = now;
      used = performance.eventLoopUtilization();
    }, TICK_MS).unref();
  }

  /** Requests that were accepted and not answered yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Adapts to how busy the loop was, from 0 to 1, in the last `ms` milliseconds. */
  tick(utilization: number, ms: number): void {
    const { accepted, refused, started } = this.#tick;
    this.#tick = { accepted: 0, refused: 0, started: 0 };
    if (refused > 0) this.#onShed(refused);
    this.#perSecond += WEIGHT * ((1_000 * started) / ms - this.#perSecond);
    if (utilization >= BUSY) this.#busyMs += ms;
    else if (refused === 0) this.#busyMs = 0;
    const isOverload = this.#busyMs >= BURST_MS;
    this.#isFlood = isOverload && refused > accepted;
    if (!isOverload) this.#limit = MOST;
    else if (utilization < BUSY) this.#limit = Math.min(MOST, this.#limit * RISE);
    else if (this.#isFlood) this.#limit = Math.max(FEW_IN_FLOOD, this.#perSecond * MOST_WAIT_IN_FLOOD_S);
    else this.#limit = Math.min(MOST, Math.max(FEW, this.#perSecond * MOST_WAIT_S));
  }

  /** Whether the next request must be refused before it is read. */
  get isFull(): boolean {
    return this.#underWay >= MOST || (this.#isFlood && this.#waiting >= this.#limit);
  }

  /** Counts a request until it is answered. */
  accept(response: ServerResponse): void {
    const isLate = this.#lagMs() > 1_000 * MOST_WAIT_S;
    if (isLate || this.#waiting >= this.#limit) this.#surplus.add(response);
    else this.#tick.accepted++;
    this.#underWay++;
    this.#waiting++;
    onceServed(response, () => void this.#underWay--);
  }

  /** Notes that an accepted request no longer waits. */
  start(response: ServerResponse): void {
    this.#waiting--;
    if (!this.#surplus.has(response)) this.#tick.started++;
  }

  /** Answers a request that has not been read, in as little time as possible: what it takes is lost to the others. */
  refuse(response: ServerResponse): void {
    this.#tick.refused++;
    response.writeHead(503, REFUSAL_HEADERS);
    response.end(REFUSAL);
  }

  /** Whether a request was too much when it arrived. */
  isSurplus(response: ServerResponse): boolean {
    return this.#surplus.has(response);
  }

  /** Returns the refusal of a query that was too much when it arrived; undefined if it is accepted. */
  refuseQuery(response: ServerResponse): HttpError | undefined {
    if (!this.#surplus.has(response)) return undefined;
    this.#tick.refused++;
    return overloaded();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
