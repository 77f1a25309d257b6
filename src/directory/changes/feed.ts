import type { DirectoryIndex } from '../directory-index.ts';
import type { ChangePlace, StoredChanges } from './change.ts';
import {
  ChangeStream,
  type RecentChanges,
  type Sleeper,
  type StreamedChange,
  type StreamOptions,
} from './stream.ts';

/** Enough for a few minutes of a busy tenant. Those who are further behind read the stored changes. */
const MOST_KEPT = 5_000;
/** A crash of the thread of the directories may lose word of a change, which is stored all the same. */
const LOOK_EVERY_MS = 5_000;
/** A page without changes, which says where the last one is. */
const NOTHING = { conditions: {}, size: 0, after: undefined, before: undefined };
/** Pauses let several changes come together. Longer ones would only delay them. */
const MOST_REST_MS = 10;
const TICK_MS = 50;
/** Streams that are woken in one turn of the event loop. */
const WOKEN_AT_ONCE = 50;

/**
 * The changes of one tenant as they are stored, for those who follow them. Keeps the last ones in memory while anybody
 * follows, so that a change is read from the file by nobody, or by those who are behind.
 */
export class ChangeFeed implements RecentChanges {
  readonly #index: Pick<DirectoryIndex, 'changes'>;
  readonly #followers = new Set<object>();
  /** With the time of `performance.now()` at which each wakes in any case. */
  readonly #sleeping = new Map<Sleeper, number>();
  /** Every change after this place is in `#recent`. Undefined while that is not known. */
  #known: ChangePlace | undefined;
  #recent: StreamedChange[] = [];
  #isRinging = false;
  #hasMore = false;
  #restMs = 0;
  #looking: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;

  constructor(index: Pick<DirectoryIndex, 'changes'>) {
    this.#index = index;
  }

  /**
   * Follows the changes after a place; from now on if it is undefined. Close the stream when nobody reads it any more.
   * Throws `ChangesExpired` and `DirectoryUnavailable`.
   */
  async follow(after: ChangePlace | undefined, options: StreamOptions): Promise<ChangeStream> {
    const follower = {};
    // First, so that what is stored from now on is kept.
    this.#followers.add(follower);
    this.#looking ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
    try {
      const place = await this.#begin(after);
      return new ChangeStream(this, this.#index, place, options, () => this.#left(follower));
    } catch (error) {
      this.#left(follower);
      throw error;
    }
  }

  /** Adds changes that were stored. */
  add({ epoch, changes }: StoredChanges): void {
    const [first] = changes;
    if (this.#followers.size === 0 || !first) return;
    const end = this.end;
    const isNext = end && end.epoch === epoch && first.sequence <= end.sequence + 1;
    if (!isNext) {
      this.#known = { epoch, sequence: first.sequence - 1 };
      this.#recent = [];
    }
    const from = isNext ? end.sequence : first.sequence - 1;
    for (const change of changes)
      if (change.sequence > from)
        this.#recent.push({ place: { epoch, sequence: change.sequence }, change, caughtUp: true });
    const surplus = this.#recent.length - MOST_KEPT;
    if (surplus > 0) this.#known = this.#recent.splice(0, surplus).at(-1)?.place;
    this.#ring();
  }

  learnEnd(place: ChangePlace): void {
    if (this.#followers.size > 0) this.#known ??= place;
  }

  get end(): ChangePlace | undefined {
    return this.#recent.at(-1)?.place ?? this.#known;
  }

  after({ epoch, sequence }: ChangePlace, most: number): readonly StreamedChange[] | undefined {
    if (!this.#known || epoch !== this.#known.epoch || sequence < this.#known.sequence) return undefined;
    const start = sequence - this.#known.sequence;
    return this.#recent.slice(start, start + most);
  }

  sleep(sleeper: Sleeper, until: number): void {
    this.#sleeping.set(sleeper, until);
    // One for all: they wake much more often than their time is over.
    this.#ticking ??= setInterval(() => {
      const now = performance.now();
      for (const [one, end] of this.#sleeping) if (now >= end) this.wake(one, false);
    }, TICK_MS).unref();
  }

  wake(sleeper: Sleeper, hasMore: boolean): void {
    if (this.#sleeping.delete(sleeper)) sleeper(hasMore);
  }

  async #begin(after: ChangePlace | undefined): Promise<ChangePlace> {
    const { end } = this;
    const known = after ?? end;
    if (known && end && this.after(known, 0) && known.sequence <= end.sequence) return known;
    // Refuses a place that is not known.
    const { epoch, last } = await this.#index.changes({ ...NOTHING, fromEnd: !after, after });
    return after ?? { epoch, sequence: last };
  }

  #left(follower: object): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    clearInterval(this.#looking);
    clearInterval(this.#ticking);
    this.#looking = undefined;
    this.#ticking = undefined;
    this.#known = undefined;
    this.#recent = [];
  }

  /** Wakes the sleeping streams in several turns, and then rests for as long as that took: others need the event loop. */
  #ring(): void {
    this.#hasMore = true;
    if (this.#isRinging) return;
    this.#isRinging = true;
    setTimeout(() => {
      const startedAt = performance.now();
      const asleep = [...this.#sleeping.keys()];
      this.#hasMore = false;
      const wake = (from: number) => {
        for (const one of asleep.slice(from, from + WOKEN_AT_ONCE)) this.wake(one, true);
        if (from < asleep.length) return void setImmediate(() => wake(from + WOKEN_AT_ONCE));
        this.#restMs = Math.min(MOST_REST_MS, performance.now() - startedAt);
        this.#isRinging = false;
        if (this.#hasMore) this.#ring();
      };
      wake(0);
    }, this.#restMs);
  }

  async #look(): Promise<void> {
    const { end } = this;
    if (!end) return;
    try {
      const { epoch, last } = await this.#index.changes({ ...NOTHING, fromEnd: true });
      if (epoch === end.epoch && last <= (this.end?.sequence ?? 0)) return;
    } catch {
      // Whoever reads next learns why.
    }
    this.#known = undefined;
    this.#recent = [];
    this.#ring();
  }
}
