import type { BreakerState } from '../../telemetry/observer.ts';
import { CircuitOpen } from '../errors.ts';

/** What a call says about the health of its endpoints. `ignored`: the call was cancelled, so it says nothing. */
export type Verdict = 'healthy' | 'outage' | 'ignored';

export interface CircuitBreakerOptions {
  readonly judge: (error: unknown) => Verdict;
  readonly onChange?: (state: BreakerState, before: BreakerState) => void;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

const WINDOW_MS = 10_000;
const BUCKETS = 10;
const BUCKET_MS = WINDOW_MS / BUCKETS;
/** Fewer calls in the window say too little. */
const LEAST_CALLS = 20;
const OUTAGE_SHARE = 0.5;
/** So many failures in a row tell more than the many answers before them. */
const OUTAGES_IN_A_ROW = 20;
const OPEN_MS = 5_000;

interface Bucket {
  readonly startedAt: number;
  calls: number;
  outages: number;
}

/**
 * Stops calls to endpoints that are down: opens when half of the last ten seconds' calls failed or the last twenty did, and
 * after five seconds lets one call through as a probe. Its success closes the breaker. Why not cockatiel:
 * docs/decisions/0018-resilience.md.
 */
export class CircuitBreaker {
  readonly #judge: (error: unknown) => Verdict;
  readonly #onChange: (state: BreakerState, before: BreakerState) => void;
  readonly #now: () => number;
  #buckets: Bucket[] = [];
  #inARow = 0;
  #state: BreakerState = 'closed';
  #openUntil = 0;
  #isProbing = false;

  constructor({ judge, onChange = () => {}, now = () => performance.now() }: CircuitBreakerOptions) {
    this.#judge = judge;
    this.#onChange = onChange;
    this.#now = now;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Throws {@link CircuitOpen} without doing the work while the breaker is open or a probe is under way. */
  async run<T>(route: string, work: () => Promise<T>): Promise<T> {
    const isProbe = this.#enter(route);
    let verdict: Verdict = 'ignored';
    try {
      const value = await work();
      verdict = 'healthy';
      return value;
    } catch (error) {
      verdict = this.#judge(error);
      throw error;
    } finally {
      if (isProbe) this.#probed(verdict);
      else if (this.#state === 'closed') this.#count(verdict);
    }
  }

  /** Returns whether the call is the probe. */
  #enter(route: string): boolean {
    if (this.#state === 'closed') return false;
    const wait = this.#openUntil - this.#now();
    if (wait > 0 || this.#isProbing) throw new CircuitOpen(route, Math.max(1, Math.ceil(wait)));
    this.#isProbing = true;
    this.#change('half-open');
    return true;
  }

  #probed(verdict: Verdict): void {
    this.#isProbing = false;
    if (verdict === 'outage') this.#open();
    else if (verdict === 'healthy') {
      this.#buckets = [];
      this.#change('closed');
    }
  }

  #count(verdict: Verdict): void {
    if (verdict === 'ignored') return;
    const now = this.#now();
    let bucket = this.#buckets.at(-1);
    if (!bucket || now - bucket.startedAt >= BUCKET_MS) {
      bucket = { startedAt: now, calls: 0, outages: 0 };
      this.#buckets.push(bucket);
      this.#buckets = this.#buckets.filter(({ startedAt }) => now - startedAt < WINDOW_MS);
    }
    bucket.calls++;
    this.#inARow = verdict === 'healthy' ? 0 : this.#inARow + 1;
    if (verdict === 'healthy') return;
    bucket.outages++;
    const sum = (of: 'calls' | 'outages') => this.#buckets.reduce((total, one) => total + one[of], 0);
    const calls = sum('calls');
    const isDown = calls >= LEAST_CALLS && sum('outages') >= calls * OUTAGE_SHARE;
    if (isDown || this.#inARow >= OUTAGES_IN_A_ROW) this.#open();
  }

  #open(): void {
    this.#openUntil = this.#now() + OPEN_MS;
    this.#buckets = [];
    this.#inARow = 0;
    this.#change('open');
  }

  #change(state: BreakerState): void {
    if (this.#state === state) return;
    const before = this.#state;
    this.#state = state;
    this.#onChange(state, before);
  }
}
