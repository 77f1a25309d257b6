import type { GraphQLFormattedError } from 'graphql';
import type { ChangeStream, StreamedChange } from '../../directory/changes/stream.ts';
import { changeCursor } from '../../resolvers/changes/change-cursor.ts';
import { refuseExpired } from '../../resolvers/changes/changes.ts';
import { isPromise } from '../../resolvers/maybe-promise.ts';
import type { Caller } from '../auth/caller.ts';
import { toClientError } from '../errors/client-error.ts';
import { SlowConsumer } from '../errors/request-errors.ts';
import { formatError } from '../errors/stringify-result.ts';
import type { EventPrice } from './event-price.ts';
import type { Participant } from './event-results.ts';
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
  readonly participant: Participant;
  readonly price: EventPrice;
  /** Events that are made at once: a few of those that cost much. */
  readonly atOnce: number;
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
  readonly #participant: Participant;
  readonly #price: EventPrice;
  readonly #atOnce: number;
  /** Read from the stream, and not made yet. */
  #rest: readonly StreamedChange[] = [];
  readonly #onEnd: (code: string | undefined) => void;
  #end: GraphQLFormattedError | undefined;
  #hasLeft = false;
  /** The cursor of what was delivered last. */
  #cursor: string;
  /** Set while the client waits for what comes next. */
  #deliver: ((delivery: Delivery) => void) | undefined;
  #onForcedEnd: (end: GraphQLFormattedError) => void = () => {};
  #window = { startedAt: performance.now(), bytes: 0, blockedMs: 0 };
  events = 0;

  constructor({ caller, requestId, stream, participant, price, atOnce, onEnd }: SubscriptionOptions) {
    this.caller = caller;
    this.requestId = requestId;
    this.#stream = stream;
    this.#participant = participant;
    this.#price = price;
    this.#atOnce = atOnce;
    this.#onEnd = onEnd;
    this.#cursor = changeCursor(stream.place);
  }

  /** Calls `run` with the end if the client has no room for it when it comes: it is written all the same. */
  onForcedEnd(run: (end: GraphQLFormattedError) => void): void {
    this.#onForcedEnd = run;
  }

  /** Resolves to what comes next: at least one event, or the end. To nothing if the client left. */
  next(): Promise<Delivery> {
    return new Promise((resolve) => {
      this.#deliver = resolve;
      if (this.#isOver) this.#settle([]);
      else
        this.#make().then(
          (events) => this.#settle(events),
          (error: unknown) => this.end(error),
        );
    });
  }

  /** Ends the subscription with an error. The client learns where to go on. */
  end(reason: unknown): void {
    if (this.#isOver) return;
    const { extensions, message } = formatError(toClientError(reason)) as GraphQLFormattedError;
    // Another place to go on from is in the error itself.
    const cursor = extensions?.['oldestCursor'] === undefined ? { cursor: this.#cursor } : {};
    this.#end = { message, extensions: { ...extensions, ...cursor, requestId: this.requestId } };
    const isAsked = this.#deliver !== undefined;
    this.#close(String(extensions?.['code']));
    if (!isAsked) this.#onForcedEnd(this.#end);
  }

  /** The client left. */
  leave(): void {
    if (this.#isOver) return;
    this.#hasLeft = true;
    this.#close(undefined);
  }

  /** Ends the subscription if its client takes too little. Call it every `ms` milliseconds. */
  checkPace(now: number, ms: number): void {
    if (!this.#deliver && (this.#rest.length > 0 || this.#stream.isBehind)) this.#window.blockedMs += ms;
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
    this.#participant.leave();
    this.#settle([]);
    this.#onEnd(code);
  }

  async #make(): Promise<readonly SentEvent[]> {
    if (this.#rest.length === 0) this.#rest = await this.#stream.next().catch(refuseExpired);
    const pending = this.#price.require();
    if (pending) await pending;
    const batch = this.#rest.slice(0, this.#atOnce);
    this.#rest = this.#rest.slice(this.#atOnce);
    const made = batch.map(this.#participant.resultOf);
    const events = made.some(isPromise) ? await Promise.all(made) : (made as SentEvent[]);
    this.#price.pay(events);
    return events;
  }

  #settle(events: readonly SentEvent[]): void {
    const deliver = this.#deliver;
    if (!deliver) return;
    this.#deliver = undefined;
    if (this.#isOver) {
      deliver({ events: [], end: this.#end });
      return;
    }
    this.#cursor = events.at(-1)?.cursor ?? this.#cursor;
    this.events += events.length;
    for (const { json } of events) this.#window.bytes += json.length;
    deliver({ events });
  }
}
