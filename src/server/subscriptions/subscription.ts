import type { GraphQLFormattedError } from 'graphql';
import type { ChangeStream, StreamedChange } from '../../directory/changes/stream.ts';
import { changeCursor } from '../../resolvers/changes/change-cursor.ts';
import { refuseExpired } from '../../resolvers/changes/changes.ts';
import type { Caller } from '../auth/caller.ts';
import { toClientError } from '../errors/client-error.ts';
import { SlowConsumer } from '../errors/request-errors.ts';
import { formatError } from '../errors/stringify-result.ts';
import type { Pay } from './event-price.ts';
import type { ResultOf } from './event-results.ts';
import type { SentEvent } from './sent-event.ts';

/** What a client receives next. Nothing comes after an end. */
export interface Delivery {
  readonly events: readonly SentEvent[];
  /** Why the subscription has ended; undefined while it goes on. */
  readonly end?: GraphQLFormattedError | undefined;
}

export interface SubscriptionOptions {
  readonly caller: Caller;
  readonly requestId: string;
  readonly stream: ChangeStream;
  readonly resultOf: ResultOf;
  readonly pay: Pay;
  /** Called when it has ended, with the code of the error; without one if the client left. */
  readonly onEnd: (code: string | undefined) => void;
}

/** In so much time, a client must take {@link LEAST_BYTES} while there is more to send. */
const WINDOW_MS = 5_000;
const LEAST_BYTES = 64 * 1024;

/**
 * One open subscription. Its client asks for what comes next when it has room, so that nothing piles up here. It ends once:
 * when the client leaves, when reading fails, or when {@link Subscription.end} is called.
 */
export class Subscription {
  readonly caller: Caller;
  readonly requestId: string;
  readonly #stream: ChangeStream;
  readonly #resultOf: ResultOf;
  readonly #pay: Pay;
  readonly #onEnd: (code: string | undefined) => void;
  #end: GraphQLFormattedError | undefined;
  #hasLeft = false;
  /** The cursor of what was delivered last. */
  #cursor: string;
  #isAsked = false;
  #interrupt: () => void = () => {};
  #onForcedEnd: (end: GraphQLFormattedError) => void = () => {};
  #window = { startedAt: performance.now(), bytes: 0, blockedMs: 0 };
  events = 0;

  constructor({ caller, requestId, stream, resultOf, pay, onEnd }: SubscriptionOptions) {
    this.caller = caller;
    this.requestId = requestId;
    this.#stream = stream;
    this.#resultOf = resultOf;
    this.#pay = pay;
    this.#onEnd = onEnd;
    this.#cursor = changeCursor(stream.place);
  }

  /** Calls `run` with the end if the client has no room for it when it comes: it is written all the same. */
  onForcedEnd(run: (end: GraphQLFormattedError) => void): void {
    this.#onForcedEnd = run;
  }

  /** Resolves to what comes next: at least one event, or the end. To nothing if the client left. */
  async next(): Promise<Delivery> {
    this.#isAsked = true;
    const interrupted = new Promise<undefined>((resolve) => {
      this.#interrupt = () => resolve(undefined);
    });
    let events: readonly SentEvent[] = [];
    if (!this.#isOver)
      try {
        events = (await Promise.race([this.#make(), interrupted])) ?? [];
      } catch (error) {
        this.end(error);
      }
    this.#isAsked = false;
    if (this.#isOver) return { events: [], end: this.#end };
    this.#cursor = events.at(-1)?.cursor ?? this.#cursor;
    this.events += events.length;
    for (const { json } of events) this.#window.bytes += json.length;
    return { events };
  }

  /** Ends the subscription with an error. The client learns where to go on. */
  end(reason: unknown): void {
    if (this.#isOver) return;
    const { extensions, message } = formatError(toClientError(reason)) as GraphQLFormattedError;
    this.#end = { message, extensions: { ...extensions, cursor: this.#cursor, requestId: this.requestId } };
    this.#close(String(extensions?.['code']));
    if (!this.#isAsked) this.#onForcedEnd(this.#end);
  }

  /** The client left. */
  leave(): void {
    if (this.#isOver) return;
    this.#hasLeft = true;
    this.#close(undefined);
  }

  /** Ends the subscription if its client takes too little. Call it every `ms` milliseconds. */
  checkPace(now: number, ms: number): void {
    if (!this.#isAsked && this.#stream.isBehind) this.#window.blockedMs += ms;
    const { startedAt, bytes, blockedMs } = this.#window;
    if (now - startedAt < WINDOW_MS) return;
    this.#window = { startedAt: now, bytes: 0, blockedMs: 0 };
    if (blockedMs >= 0.9 * WINDOW_MS && bytes < LEAST_BYTES)
      this.end(new SlowConsumer('the client reads too slowly'));
  }

  get #isOver(): boolean {
    return this.#hasLeft || this.#end !== undefined;
  }

  #close(code: string | undefined): void {
    this.#stream.close();
    this.#interrupt();
    this.#onEnd(code);
  }

  async #make(): Promise<readonly SentEvent[]> {
    const batch: readonly StreamedChange[] = await this.#stream.next().catch(refuseExpired);
    const events = await Promise.all(batch.map(this.#resultOf));
    this.#pay(events);
    return events;
  }
}
