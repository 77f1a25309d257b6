import type { TraceContext } from '../telemetry/tracing.ts';
import { Cancellation } from './cancellation.ts';
import type { Freshness } from './reads/freshness.ts';

/** Who waits for a call: a caller, or work of the gateway itself that must never delay one. */
export type Priority = 'caller' | 'background';

export interface CallTrackerOptions {
  /** In the time of `performance.now()`. */
  readonly deadline?: number;
  readonly priority?: Priority;
  /** How old answers may be; as the endpoints say if absent. */
  readonly freshness?: Freshness | undefined;
  /** The operation in whose lane its calls wait; this one if absent. Set by what serves other processes. */
  readonly lane?: CallTracker | undefined;
  /** Called for each call that is sent. */
  readonly onCall?: (() => void) | undefined;
}

/** Applies to work without a deadline of its own. */
const DEFAULT_DEADLINE_MS = 30_000;

/** One GraphQL operation as the upstream client sees it: when it ends, and how many calls it has caused. */
export class CallTracker extends Cancellation {
  /** Logged with each upstream failure, to match both sides of a support case. */
  readonly requestId: string;
  /** In the time of `performance.now()`. */
  readonly startedAt = performance.now();
  /** When the operation must have ended, in the time of `performance.now()`. */
  readonly deadline: number;
  readonly priority: Priority;
  readonly freshness: Freshness | undefined;
  /** The operation that takes turns with others while calls wait. */
  readonly lane: CallTracker;
  readonly #onCall: (() => void) | undefined;
  /** The span of the operation, while an SDK records. */
  trace: TraceContext | undefined;
  /** Management API calls sent for this operation, without token calls. */
  calls = 0;
  /** Answers from the cache, or shared with a call that was under way already. */
  cached = 0;
  /** When the oldest answer that the operation has used was read, in the time of `performance.now()`. */
  oldest = Number.POSITIVE_INFINITY;
  /** Until when the answer is fresh that expires first; `Infinity` if none was used. In the time of `performance.now()`. */
  freshUntil = Number.POSITIVE_INFINITY;
  /** How many answers it has used that are cached now, by the endpoint. */
  readsBy = new Map<string, number>();
  #waiting = 0;
  #since = 0;
  #ms = 0;

  constructor(
    requestId: string,
    { deadline, priority = 'caller', freshness, lane, onCall }: CallTrackerOptions = {},
  ) {
    super();
    this.requestId = requestId;
    this.deadline = deadline ?? this.startedAt + DEFAULT_DEADLINE_MS;
    this.priority = priority;
    this.freshness = freshness;
    this.lane = lane ?? this;
    this.#onCall = onCall;
  }

  /** Milliseconds in which the operation waited for at least one upstream answer. */
  get ms(): number {
    return this.#waiting > 0 ? this.#ms + performance.now() - this.#since : this.#ms;
  }

  /** Notes that a call is sent for this operation. */
  noteCall(): void {
    this.calls++;
    this.#onCall?.();
  }

  waitBegins(): void {
    if (this.#waiting++ === 0) this.#since = performance.now();
  }

  waitEnds(): void {
    if (--this.#waiting === 0) this.#ms += performance.now() - this.#since;
  }

  /** Notes that an answer came from the cache. */
  servedFromCache(route: string, answers = 1): void {
    this.cached += answers;
    this.noteRead(route, answers);
  }

  /** Notes that an answer is used, wherever it came from. */
  noteRead(route: string, answers = 1): void {
    this.readsBy.set(route, (this.readsBy.get(route) ?? 0) + answers);
  }

  /** Notes when an answer that the operation uses was read, and until when it is fresh: not at all if absent. */
  uses(readAt: number, freshUntil = readAt): void {
    if (readAt < this.oldest) this.oldest = readAt;
    if (freshUntil < this.freshUntil) this.freshUntil = freshUntil;
  }

  /** Notes that the operation uses what changes at any time. */
  usesLive(): void {
    this.freshUntil = Number.NEGATIVE_INFINITY;
  }
}
