import { setImmediate as nextTurn } from 'node:timers/promises';
import DataLoader from 'dataloader';
import type { MaybePromise } from '../maybe-promise.ts';
import { loadEach } from './load-each.ts';

export interface LoaderOptions<Key, Value> {
  /** Returns the value if it can be had without a call; otherwise undefined. */
  readonly known?: (key: Key) => Value | undefined;
  /** Returns the text that identifies a key. Required for keys that are objects. */
  readonly cacheKey?: (key: Key) => string;
  readonly schedule?: (dispatch: () => void) => void;
}

type Load<Key, Value> = (key: Key, index: number) => Value | Promise<Value>;

const FAILURES_PER_TURN = 200;

/** A DataLoader that returns a value it has loaded already without a promise. Remembers failures too. */
export class Loader<Key, Value> {
  readonly #loadBatch: (keys: readonly Key[]) => Load<Key, Value>;
  readonly #schedule: ((dispatch: () => void) => void) | undefined;
  readonly #cacheKey: (key: Key) => unknown;
  readonly #knownBefore: ((key: Key) => Value | undefined) | undefined;
  /** Created when it is needed: most values are known. */
  #loader: DataLoader<Key, Value, unknown> | undefined;
  #offers: Map<unknown, () => Value | undefined> | undefined;
  #known = new Map<unknown, Value>();
  #failed = 0;

  /** `loadBatch` gives each key of a batch a promise of its own. */
  constructor(
    loadBatch: (keys: readonly Key[]) => Load<Key, Value>,
    { cacheKey = (key) => key as string, known: knownBefore, schedule }: LoaderOptions<Key, Value> = {},
  ) {
    this.#cacheKey = cacheKey;
    this.#knownBefore = knownBefore;
    this.#loadBatch = loadBatch;
    this.#schedule = schedule;
  }

  #createLoader(): DataLoader<Key, Value, unknown> {
    const cacheKey = this.#cacheKey;
    const schedule = this.#schedule;
    return new DataLoader<Key, Value, unknown>(
      (keys) => {
        const load = this.#loadBatch(keys);
        // What was asked for before `clear` must not be known after it.
        const known = this.#known;
        return loadEach(async (key: Key, index) => {
          const value = await this.#spread(load, key, index);
          known.set(cacheKey(key), value);
          return value;
        })(keys);
      },
      { cacheKeyFn: cacheKey, ...(schedule && { batchScheduleFn: schedule }) },
    );
  }

  /** Keys fail together when a circuit opens; each may be an error in many fields, so they fail in several turns. */
  async #spread(load: Load<Key, Value>, key: Key, index: number): Promise<Value> {
    try {
      return await load(key, index);
    } catch (error) {
      for (let turns = Math.floor(this.#failed++ / FAILURES_PER_TURN); turns > 0; turns--) await nextTurn();
      throw error;
    }
  }

  /** Returns the value at once if it is known. */
  get(key: Key): MaybePromise<Value> {
    const cacheKey = this.#cacheKey(key);
    if (this.#known.has(cacheKey)) return this.#known.get(cacheKey) as Value;
    // Null is a value: nothing is there.
    const known = this.#knownBefore?.(key);
    const value = known === undefined ? this.#offers?.get(cacheKey)?.() : known;
    if (value === undefined) return this.load(key);
    this.#known.set(cacheKey, value);
    return value;
  }

  /** Takes note of how a value can be had without a call, in case it is asked for. `offer` returns undefined if it cannot. */
  offer(key: Key, offer: () => Value | undefined): void {
    this.#offers ??= new Map();
    this.#offers.set(this.#cacheKey(key), offer);
  }

  load(key: Key): Promise<Value> {
    this.#loader ??= this.#createLoader();
    return this.#loader.load(key);
  }

  clear(): void {
    this.#known = new Map();
    this.#loader?.clearAll();
  }
}
