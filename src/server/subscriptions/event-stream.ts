import { Readable } from 'node:stream';
import type { GraphQLFormattedError } from 'graphql';
import type { SentEvent } from './sent-event.ts';
import type { Subscription } from './subscription.ts';

/** How events are written into the body of a response. */
export interface EventFormat {
  readonly contentType: string;
  /** What comes before the first event. */
  readonly begin: string;
  event(event: Pick<SentEvent, 'cursor' | 'json'>): string;
  /** The last part: with an error, or after a result that is the only one. */
  end(error: GraphQLFormattedError | undefined): string;
}

/** The `distinct connections` mode of GraphQL over SSE, with the cursor as `id:` of each event. */
export const serverSentEvents: EventFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  begin: '',
  event: ({ cursor, json }) => `${cursor && `id: ${cursor}\n`}event: next\ndata: ${json}\n\n`,
  end: (error) => {
    const complete = 'event: complete\ndata: \n\n';
    return error
      ? serverSentEvents.event({
          cursor: String(error.extensions?.['cursor'] ?? ''),
          json: JSON.stringify({ errors: [error] }),
        }) + complete
      : complete;
  },
};

/** Each part ends with the next delimiter, since clients wait for it. */
const part = (json: string) => `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--graphql`;

/** Apollo's `multipart/mixed;subscriptionSpec="1.0"`. */
export const multipartEvents: EventFormat = {
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
  begin: '\r\n--graphql',
  event: ({ json }) => part(`{"payload":${json}}`),
  end: (error) => `${error ? part(JSON.stringify({ payload: null, errors: [error] })) : ''}--\r\n`,
};

/** The bytes of the last batch that began with an event. */
type LastBatch = Map<EventFormat, { readonly last: SentEvent; readonly bytes: Buffer }>;
const batches = new WeakMap<SentEvent, LastBatch>();

/** Batches of those who follow live are short. Longer ones differ from client to client. */
const MOST_SHARED = 8;

/** Returns the bytes of events. Those who follow the same live receive the same ones, which are made and kept once. */
function bytesOf(events: readonly SentEvent[], format: EventFormat): Buffer | string {
  const text = () => events.map((event) => format.event(event)).join('');
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last || events.length > MOST_SHARED) return text();
  const known: LastBatch = batches.get(first) ?? new Map();
  batches.set(first, known);
  const made = known.get(format);
  if (made?.last === last) return made.bytes;
  const bytes = Buffer.from(text());
  known.set(format, { last, bytes });
  return bytes;
}

/** The body of a response with the events of a subscription. Destroying it ends the subscription. */
export class EventStream extends Readable {
  readonly #subscription: Subscription;
  readonly #format: EventFormat;

  constructor(subscription: Subscription, format: EventFormat) {
    super();
    this.#subscription = subscription;
    this.#format = format;
    subscription.onForcedEnd((end) => this.#finish(end));
    if (format.begin) this.push(format.begin);
  }

  override _read(): void {
    void this.#subscription.next().then(({ events, end }) => {
      if (this.destroyed || this.readableEnded) return;
      if (end || events.length === 0) this.#finish(end);
      else this.push(bytesOf(events, this.#format));
    });
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#subscription.leave();
    callback(error);
  }

  #finish(end: GraphQLFormattedError | undefined): void {
    if (end) this.push(this.#format.end(end));
    this.push(null);
  }
}
