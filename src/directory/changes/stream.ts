import { setTimeout as sleep } from 'node:timers/promises';
import { type DirectoryIndex, DirectoryUnavailable } from '../directory-index.ts';
import type { Change, ChangeConditions, ChangePlace, FoundChanges } from './change.ts';
import { matches } from './matches.ts';

/** A change, or word that there was none up to this place. */
export interface StreamedChange {
  readonly place: ChangePlace;
  readonly change: Change | undefined;
  /** Whether everything that had been stored before is behind it. */
  readonly caughtUp: boolean;
}

export interface StreamOptions {
  readonly conditions: ChangeConditions;
  /** After so much time without a change, the stream tells its place. */
  readonly heartbeatMs: number;
}

/** The last changes of a tenant, in memory. */
export interface RecentChanges {
  /** The place after the last change; undefined while that is not known. */
  readonly end: ChangePlace | undefined;
  /** Returns at most so many changes after a place. Undefined if only the file knows them. */
  after(place: ChangePlace, most: number): readonly StreamedChange[] | undefined;
  /** Notes that the file has no change after this place yet. */
  learnEnd(place: ChangePlace): void;
  /** Calls a sleeper once: when there may be more, or at a time of `performance.now()`. */
  sleep(sleeper: Sleeper, until: number): void;
  /** Calls it now, if it is still asleep. */
  wake(sleeper: Sleeper, hasMore: boolean): void;
}

/** Is told whether there may be more. */
export type Sleeper = (hasMore: boolean) => void;

interface Batch {
  readonly changes: readonly StreamedChange[];
  /** Where to go on. */
  readonly place: ChangePlace;
  readonly isLast: boolean;
}

/** Changes that are returned at once. */
const BATCH = 100;
/** Changes in memory that are looked through at once. */
const WINDOW = 1_000;
/** The thread of the directories starts again after a crash. */
const ATTEMPTS = 10;
const RETRY_MS = 500;

/**
 * The changes of one tenant after a place: those that are stored, then the ones to come, without a gap or a repetition in
 * between. It holds nothing but its place, so that a slow reader takes no memory.
 */
export class ChangeStream implements AsyncIterable<StreamedChange> {
  readonly #recent: RecentChanges;
  readonly #index: Pick<DirectoryIndex, 'changes'>;
  readonly #conditions: ChangeConditions;
  readonly #heartbeatMs: number;
  readonly #onClose: () => void;
  #place: ChangePlace;
  #caughtUp = false;
  #isClosed = false;
  #toldAt = performance.now();
  #sleeper: Sleeper | undefined;

  constructor(
    recent: RecentChanges,
    index: Pick<DirectoryIndex, 'changes'>,
    place: ChangePlace,
    { conditions, heartbeatMs }: StreamOptions,
    onClose: () => void,
  ) {
    this.#recent = recent;
    this.#index = index;
    this.#place = place;
    this.#conditions = conditions;
    this.#heartbeatMs = heartbeatMs;
    this.#onClose = onClose;
  }

  /** Up to where it has returned all changes. */
  get place(): ChangePlace {
    return this.#place;
  }

  /** Whether there may be changes that it has not returned yet. */
  get isBehind(): boolean {
    const { end } = this.#recent;
    return !this.#caughtUp || (end !== undefined && end.sequence > this.#place.sequence);
  }

  /**
   * Resolves to the next ones, at least one and at most a hundred; to none once it is closed. Throws `ChangesExpired` and
   * `DirectoryUnavailable`.
   */
  async next(): Promise<readonly StreamedChange[]> {
    while (!this.#isClosed) {
      const recent = this.#recent.after(this.#place, WINDOW);
      const { changes, place, isLast } = recent ? this.#matching(recent) : await this.#stored();
      if (this.#isClosed) break;
      this.#place = place;
      if (changes.length > 0) return this.#told(changes);
      if (!isLast) continue;
      const isFirst = !this.#caughtUp;
      this.#caughtUp = true;
      // What was added while the file was read is in memory now.
      if (isFirst || (recent && !(await this.#sleep())))
        return this.#told([{ place: this.#place, change: undefined, caughtUp: true }]);
    }
    return [];
  }

  /** Ends the stream. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#sleeper) this.#recent.wake(this.#sleeper, true);
    this.#onClose();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamedChange> {
    try {
      for (let batch = await this.next(); batch.length > 0; batch = await this.next()) yield* batch;
    } finally {
      this.close();
    }
  }

  #told(batch: readonly StreamedChange[]): readonly StreamedChange[] {
    this.#toldAt = performance.now();
    return batch;
  }

  /** Those in memory are live ones, and the same objects for everybody. */
  #matching(recent: readonly StreamedChange[]): Batch {
    const changes: StreamedChange[] = [];
    let place = this.#place;
    for (const one of recent) {
      if (changes.length === BATCH) return { changes, place, isLast: false };
      ({ place } = one);
      if (one.change && matches(one.change, this.#conditions))
        changes.push(this.#caughtUp ? one : { ...one, caughtUp: false });
    }
    return { changes, place, isLast: recent.length < WINDOW };
  }

  async #stored(): Promise<Batch> {
    const { epoch, changes: found, hasNextPage, last } = await this.#read();
    const place = { epoch, sequence: hasNextPage ? (found.at(-1)?.sequence ?? last) : last };
    if (!hasNextPage) this.#recent.learnEnd(place);
    const changes = found.map((change) => ({
      place: { epoch, sequence: change.sequence },
      change,
      caughtUp: this.#caughtUp,
    }));
    return { changes, place, isLast: !hasNextPage };
  }

  async #read(): Promise<FoundChanges> {
    const page = { size: BATCH, fromEnd: false, after: this.#place, before: undefined };
    for (let attempt = 1; ; attempt++)
      try {
        return await this.#index.changes({ ...page, conditions: this.#conditions });
      } catch (error) {
        if (!(error instanceof DirectoryUnavailable) || attempt === ATTEMPTS || this.#isClosed) throw error;
        await sleep(RETRY_MS);
      }
  }

  /** Resolves to whether there may be more. If not, it is time to tell the place. */
  #sleep(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#sleeper = resolve;
      this.#recent.sleep(resolve, this.#toldAt + this.#heartbeatMs);
    });
  }
}
