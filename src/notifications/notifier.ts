import { setTimeout as sleep } from 'node:timers/promises';
import type { NotificationTarget } from '../config/notifications/targets.ts';
import { type ChangePlace, ChangesExpired } from '../directory/changes/change.ts';
import type { ChangeStream, StreamedChange } from '../directory/changes/stream.ts';
import type { Directory } from '../directory/directory.ts';
import { changeCursor, readChangeCursor } from '../resolvers/changes/change-cursor.ts';
import { changeKey } from '../resolvers/changes/changes.ts';
import { globalId } from '../resolvers/global-id.ts';
import type { Log } from '../telemetry/log.ts';
import type { Poster } from './post.ts';
import { SIGNATURE_HEADER, sign } from './signature.ts';

/** What a target receives. */
export interface Notification {
  /** Unique, and in the order of the changes. The change and those after it can be read after the one before. */
  readonly cursor: string;
  /** The kind of the change; `CURSOR_EXPIRED` if some before `cursor` are no longer kept, so that all must be read again. */
  readonly kind: string;
  /** The global id of the change, for `node(id:)`. */
  readonly id: string | null;
}

/** Where the cursor of a target is kept. */
export interface CursorStore {
  read(): string | undefined;
  write(cursor: string): Promise<void>;
}

export interface NotifierOptions {
  readonly target: NotificationTarget;
  readonly directory: Pick<Directory, 'followChanges'>;
  readonly cursors: CursorStore;
  readonly poster: Pick<Poster, 'post'>;
  readonly log: Log;
  /** Called after each attempt. */
  readonly onAttempt?: ((isDelivered: boolean) => void) | undefined;
  readonly pauses?: Pauses;
}

export interface Pauses {
  /** After the first failure; half as long again after each further one. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/** An hour after some four hours. With 2, a target that fails half of the time would wait ever longer on average. */
const GROWTH = 1.5;
/** An hour at most, for as long as the change is kept. */
const PAUSES: Pauses = { firstMs: 200, longestMs: 3_600_000 };
/** The place of a target moves on even if nothing happens that it wants to know. */
const HEARTBEAT_MS = 60_000;
const DIRECTORY_RETRY_MS = 5_000;
/** A target that fails for so long is logged, and again after each hour. */
const SAY_AFTER_MS = 10_000;
const SAY_AGAIN_MS = 3_600_000;

/**
 * Announces the changes of a tenant to one target: each at least once, in order, the next one only after the target has
 * accepted the one before. What is announced is kept as a cursor, so that a restart loses nothing.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #stop = new AbortController();
  #stream: ChangeStream | undefined;
  #running: Promise<void> | undefined;
  #failingSince: number | undefined;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** For how long every attempt has failed; 0 if the last one did not. */
  get failingMs(): number {
    return this.#failingSince === undefined ? 0 : performance.now() - this.#failingSince;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when nothing more is sent. An attempt under way runs to its end. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#stream?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { cursors, log, target } = this.#options;
    while (!this.#stop.signal.aborted)
      try {
        await this.#follow(placeOf(cursors.read()));
      } catch (error) {
        if (error instanceof ChangesExpired) await this.#tellExpired(error.oldest);
        else {
          log.warn({ target: target.name, reason: (error as Error).message }, 'changes cannot be announced');
          await this.#pause(DIRECTORY_RETRY_MS);
        }
      }
  }

  async #follow(after: ChangePlace | undefined): Promise<void> {
    const { directory, target, cursors } = this.#options;
    const conditions = { ...(target.kinds && { kinds: target.kinds }) };
    const stream = await directory.followChanges(after, { conditions, heartbeatMs: HEARTBEAT_MS });
    this.#stream = stream;
    if (this.#stop.signal.aborted) stream.close();
    try {
      if (!after) await cursors.write(changeCursor(stream.place));
      for (let batch = await stream.next(); batch.length > 0; batch = await stream.next())
        for (const event of batch) if (!(await this.#announce(event))) return;
    } finally {
      stream.close();
    }
  }

  async #announce({ place, change }: StreamedChange): Promise<boolean> {
    const cursor = changeCursor(place);
    const isDone =
      !change ||
      (await this.#deliver({ cursor, kind: change.kind, id: globalId('Change', changeKey(place)) }));
    if (isDone) await this.#options.cursors.write(cursor);
    return isDone;
  }

  async #tellExpired(oldest: ChangePlace): Promise<void> {
    const cursor = changeCursor(oldest);
    if (await this.#deliver({ cursor, kind: 'CURSOR_EXPIRED', id: null }))
      await this.#options.cursors.write(cursor);
  }

  /** Tries until the target accepts it. Returns false if it was stopped before. */
  async #deliver(notification: Notification): Promise<boolean> {
    const { target, poster, onAttempt, pauses = PAUSES } = this.#options;
    const body = JSON.stringify(notification);
    for (let pauseMs = pauses.firstMs; !this.#stop.signal.aborted; ) {
      const headers = {
        'content-type': 'application/json',
        [SIGNATURE_HEADER]: sign(body, target.secret.reveal()),
      };
      const { failure, retryAfterMs = 0 } = await poster.post(target.url, headers, body);
      onAttempt?.(failure === undefined);
      this.#note(failure);
      if (failure === undefined) return true;
      await this.#pause(
        Math.min(pauses.longestMs, Math.max(retryAfterMs, pauseMs * (0.75 + Math.random() / 2))),
      );
      pauseMs = Math.min(pauses.longestMs, GROWTH * pauseMs);
    }
    return false;
  }

  #note(reason: string | undefined): void {
    const { log, target } = this.#options;
    const now = performance.now();
    if (reason === undefined) {
      if (this.#saidAt > Number.NEGATIVE_INFINITY)
        log.info({ target: target.name }, 'changes are announced again');
      this.#failingSince = undefined;
      this.#saidAt = Number.NEGATIVE_INFINITY;
      return;
    }
    this.#failingSince ??= now;
    if (this.failingMs < SAY_AFTER_MS || now - this.#saidAt < SAY_AGAIN_MS) return;
    this.#saidAt = now;
    const seconds = Math.round(this.failingMs / 1_000);
    log.warn({ target: target.name, reason, seconds }, 'a target does not accept changes: they wait for it');
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {});
  }
}

/** A place that no file has, so that it counts as one whose changes are lost. */
const LOST: ChangePlace = { epoch: 'lost', sequence: 0 };

/** Returns the place of a stored cursor. A file that a crash of the machine left behind may be empty or damaged. */
function placeOf(cursor: string | undefined): ChangePlace | undefined {
  if (cursor === undefined) return undefined;
  try {
    return readChangeCursor('cursor', cursor) ?? LOST;
  } catch {
    return LOST;
  }
}
