import { setTimeout as sleep } from 'node:timers/promises';
import { CallTracker } from '../upstream/call-tracker.ts';
import { CircuitOpen, ClientLeft, UpstreamRateLimited, UpstreamUnauthorized } from '../upstream/errors.ts';
import type { ManagementApi } from '../upstream/management-api.ts';
import type { DirectoryIndex, DueRead } from './directory-index.ts';
import type { Pace } from './pace.ts';

/** What the sync is doing, for people. */
export type SyncState = 'starting' | 'filling' | 'current' | 'paused';

export interface SyncOptions {
  readonly index: DirectoryIndex;
  /** The API without the cache, for one operation. */
  readonly api: (tracker: CallTracker) => ManagementApi;
  readonly pace: Pace;
  readonly listMs: number;
  /** How often the list of product orders is read. */
  readonly ordersMs: number;
  /** Resolves when everything that was read is stored. */
  readonly flush: () => Promise<void>;
  /** Called with each failure that the sync lives with. */
  readonly onFailure: (error: unknown) => void;
  readonly waits?: SyncWaits | undefined;
}

/** How long the sync waits, in milliseconds. */
export interface SyncWaits {
  /** Before it looks again for something to do. */
  readonly idleMs: number;
  /** Before a read that failed is tried again; twice as long after each further failure, an hour at most. */
  readonly retryMs: number;
  /** During an outage that has no end that is known. */
  readonly outageMs: number;
  /** When the keys are refused. */
  readonly refusedMs: number;
}

const WAITS: SyncWaits = { idleMs: 1_000, retryMs: 30_000, outageMs: 5_000, refusedMs: 60_000 };
const LONGEST_RETRY_MS = 3_600_000;
const ORDERS_AFTER_START_MS = 5_000;

/** Calls under way at once, at most. */
const MOST_CALLS = 16;
/** An answer slower than the usual by this factor and this time shows that the upstream is troubled. */
const SLOW_FACTOR = 2;
const SLOW_MS = 50;
/** The pace is halved for slow answers once in this time. */
const SLOW_EVERY_MS = 1_000;

/**
 * Keeps the directory of one tenant current, in the background: reads the list of units, then what is new, then what is old.
 * What it reads is stored on its way through the client, as with the reads of callers.
 */
export class DirectorySync {
  readonly #options: SyncOptions;
  readonly #waits: SyncWaits;
  readonly #failures = new Map<string, number>();
  readonly #retryAt = new Map<string, number>();
  readonly #stopping = new AbortController();
  /** Of the calls under way. */
  readonly #trackers = new Set<CallTracker>();
  #active = 0;
  #pausedUntil = 0;
  #pauseReason: string | undefined;
  /** Undefined until it is known when the list was last read. */
  #nextListAt: number | undefined;
  #nextOrdersAt: number | undefined;
  #isIdle = false;
  #usualMs: number | undefined;
  #lastSlowAt = 0;
  #running: Promise<void> = Promise.resolve();
  /** Called when a call ends. */
  #wake = () => {};

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#waits = options.waits ?? WAITS;
  }

  start(): void {
    this.#running = this.#run().catch(this.#options.onFailure);
  }

  /** Ends the calls that are under way and starts no other. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const tracker of this.#trackers) tracker.cancel(new ClientLeft('the directory is stopping'));
    this.#wake();
    await this.#running;
  }

  get state(): SyncState {
    if (Date.now() < this.#pausedUntil) return 'paused';
    if (this.#nextListAt === undefined) return 'starting';
    return this.#isIdle ? 'current' : 'filling';
  }

  /** Why it is paused; undefined when it is not. */
  get pauseReason(): string | undefined {
    return Date.now() < this.#pausedUntil ? this.#pauseReason : undefined;
  }

  async #run(): Promise<void> {
    const { onFailure } = this.#options;
    while (!this.#isStopping) {
      const pauseMs = this.#pausedUntil - Date.now();
      if (pauseMs > 0) await this.#sleep(Math.min(pauseMs, this.#waits.idleMs));
      else
        try {
          this.#nextListAt ??= await this.#nextList();
          if (Date.now() >= this.#nextListAt) await this.#readList();
          else if (Date.now() >= (this.#nextOrdersAt ?? 0)) await this.#readOrders();
          else await this.#readDue();
        } catch (error) {
          onFailure(error);
          await this.#sleep(this.#waits.outageMs);
        }
    }
    while (this.#active > 0) await this.#callEnd();
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Returns when the list must be read again, by what the index has. */
  async #nextList(): Promise<number> {
    const { index, listMs, ordersMs } = this.#options;
    const { listReadAt } = await index.counts();
    // The first searches after a restart come first: comparing ten thousand orders holds the thread of the index.
    if (listReadAt !== undefined)
      this.#nextOrdersAt ??= Date.now() + Math.min(ordersMs, ORDERS_AFTER_START_MS);
    return listReadAt === undefined ? 0 : Math.min(Date.now(), listReadAt) + listMs;
  }

  async #readList(): Promise<void> {
    await this.#place();
    try {
      await this.#call((api) => api.salesUnits());
      await this.#options.flush();
      this.#nextListAt = Date.now() + this.#options.listMs;
      await this.#readAlone('price packages', (api) => api.pricePackages());
    } catch (error) {
      if (this.#isStopping) return;
      this.#fail(error);
      // Until it is known which units there are, nothing else is worth a call.
      if (this.#pausedUntil < Date.now())
        this.#pause(this.#waits.outageMs, 'the list of sales units cannot be read');
    }
  }

  /** Reads the orders soon, since one was made or deleted. */
  ordersChanged(): void {
    this.#nextOrdersAt = 0;
  }

  async #readOrders(): Promise<void> {
    this.#nextOrdersAt = Date.now() + this.#options.ordersMs;
    await this.#readAlone('product orders', (api) => api.productOrders({ includeExpired: true }));
  }

  /** Reads a list that nothing else depends on: keys that may not read it, or its outage, stop nothing else. */
  async #readAlone(name: string, read: (api: ManagementApi) => Promise<unknown>): Promise<void> {
    if (Date.now() < (this.#retryAt.get(name) ?? 0)) return;
    await this.#place();
    try {
      await this.#call(read);
      this.#failures.delete(name);
      this.#retryAt.delete(name);
    } catch (error) {
      if (this.#isStopping) return;
      if (error instanceof UpstreamRateLimited) this.#fail(error);
      else this.#options.onFailure(error);
      const failures = this.#failures.get(name) ?? 0;
      this.#failures.set(name, failures + 1);
      this.#retryAt.set(name, Date.now() + Math.min(LONGEST_RETRY_MS, this.#waits.retryMs * 2 ** failures));
    }
  }

  async #readDue(): Promise<void> {
    const due = await this.#options.index.takeDue(Date.now(), MOST_CALLS);
    if (due.length === 0) {
      if (this.#active > 0) return this.#callEnd();
      await this.#options.flush();
      // The file was damaged and is begun anew.
      if ((await this.#options.index.counts()).listReadAt === undefined) {
        this.#nextListAt = undefined;
        return;
      }
      this.#isIdle = true;
      return this.#sleep(this.#waits.idleMs);
    }
    this.#isIdle = false;
    for (const [at, read] of due.entries()) {
      while (this.#active >= MOST_CALLS) await this.#callEnd();
      await this.#place();
      if (this.#isStopping || Date.now() < this.#pausedUntil) {
        for (const left of due.slice(at)) await this.#options.index.postpone(left, 0);
        return;
      }
      void this.#read(read);
    }
  }

  async #read(read: DueRead): Promise<void> {
    this.#active++;
    const startedAt = performance.now();
    const name = nameOf(read);
    try {
      await this.#call<unknown>((api) =>
        read.kind === 'salesUnit' ? api.salesUnit(read.msn) : api.merchant(read.identifier),
      );
      this.#failures.delete(name);
      this.#learn(performance.now() - startedAt);
    } catch (error) {
      if (this.#isStopping) return;
      this.#fail(error);
      const failures = (this.#failures.get(name) ?? 0) + 1;
      this.#failures.set(name, failures);
      const isOfAll = this.#pausedUntil > Date.now();
      const retryMs = isOfAll ? 0 : Math.min(LONGEST_RETRY_MS, this.#waits.retryMs * 2 ** (failures - 1));
      await this.#options.index
        .postpone(read, isOfAll ? 0 : Date.now() + retryMs)
        .catch(this.#options.onFailure);
    } finally {
      this.#active--;
      this.#wake();
    }
  }

  async #call<T>(make: (api: ManagementApi) => Promise<T>): Promise<T> {
    const tracker = new CallTracker('directory', { priority: 'background' });
    this.#trackers.add(tracker);
    try {
      return await make(this.#options.api(tracker));
    } finally {
      this.#trackers.delete(tracker);
    }
  }

  /** Waits for the next place of the pace. */
  async #place(): Promise<void> {
    const waitMs = this.#options.pace.take();
    if (waitMs > 0) await this.#sleep(waitMs);
  }

  #fail(error: unknown): void {
    this.#options.pace.halve();
    if (error instanceof UpstreamRateLimited)
      this.#pause(
        error.retryAfterMs ?? this.#waits.outageMs,
        'the Management API is rate limiting the gateway',
      );
    else if (error instanceof CircuitOpen)
      this.#pause(Math.max(error.retryAfterMs, this.#waits.outageMs), 'the Management API is failing');
    else if (error instanceof UpstreamUnauthorized)
      this.#pause(this.#waits.refusedMs, 'the Management API rejects the keys');
    else this.#options.onFailure(error);
  }

  #pause(ms: number, reason: string): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, Date.now() + ms);
    this.#pauseReason = reason;
  }

  /** Slows down when answers take longer than usual. */
  #learn(ms: number): void {
    this.#usualMs ??= ms;
    const now = performance.now();
    const isSlow = ms > SLOW_FACTOR * this.#usualMs + SLOW_MS;
    if (isSlow && now - this.#lastSlowAt > SLOW_EVERY_MS) {
      this.#lastSlowAt = now;
      this.#options.pace.halve();
    }
    // What has become slow for good is the usual after a hundred answers or so.
    this.#usualMs += 0.02 * (ms - this.#usualMs);
  }

  #callEnd(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = () => {};
        resolve();
      };
    });
  }

  async #sleep(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {});
  }
}

const nameOf = (read: DueRead): string =>
  read.kind === 'salesUnit' ? read.msn : `${read.identifier.scheme}:${read.identifier.value}`;
