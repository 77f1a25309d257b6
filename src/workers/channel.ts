import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Notices, Requests } from './protocol.ts';
import { fromWire, toWire } from './wire.ts';

/** The other process has ended, or this one is about to. */
export class ChannelClosed extends Error {
  override name = 'ChannelClosed';
}

type Message =
  | readonly ['notice', kind: string, body: unknown]
  | readonly ['request', id: number, kind: string, body: unknown]
  | readonly ['reply', id: number, result: unknown]
  | readonly ['failure', id: number, error: Error]
  /** Rows of the list in a reply that follows. */
  | readonly ['rows', id: number, rows: readonly unknown[]];

/** A result whose list may be so long that it is sent in parts. */
interface WithValue {
  readonly value?: unknown;
}

/** Rows of a long list that are written, and read, in one turn of the event loop. */
const SLICE = 500;

/**
 * Requests and notices between two processes, in their order. What one turn of the event loop sends goes out together, since
 * a page of a thousand units is a thousand questions. Not the channel of node:cluster: that one stops while a connection
 * is handed over.
 */
export class Channel {
  readonly #socket: Duplex;
  readonly #handlers = new Map<string, (body: never) => unknown>();
  readonly #listeners = new Map<string, (body: never) => void>();
  readonly #waiting = new Map<number, { resolve(result: never): void; reject(error: Error): void }>();
  readonly #rows = new Map<number, unknown[]>();
  #outbox: Message[] = [];
  #read = '';
  #nextId = 0;
  #isClosed = false;

  constructor(socket: Duplex, onClose: () => void) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#receive(text));
    // The end of the other process may be an error of the socket.
    socket.on('error', () => {});
    socket.once('close', () => {
      this.close();
      onClose();
    });
  }

  /** Answers requests of a kind. What the handler throws is thrown in the other process. */
  handle<Kind extends keyof Requests>(
    kind: Kind,
    handler: (body: Requests[Kind]['body']) => Requests[Kind]['result'] | Promise<Requests[Kind]['result']>,
  ): void {
    this.#handlers.set(kind, handler);
  }

  on<Kind extends keyof Notices>(kind: Kind, listener: (body: Notices[Kind]) => void): void {
    this.#listeners.set(kind, listener);
  }

  /** Throws {@link ChannelClosed}, or what the handler has thrown. */
  request<Kind extends keyof Requests>(
    kind: Kind,
    body: Requests[Kind]['body'],
  ): Promise<Requests[Kind]['result']> {
    if (this.#isClosed) return Promise.reject(new ChannelClosed('the other process has ended'));
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#send(['request', id, kind, body]);
    });
  }

  notify<Kind extends keyof Notices>(kind: Kind, body: Notices[Kind]): void {
    this.#send(['notice', kind, body]);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.destroy();
    const error = new ChannelClosed('the other process has ended');
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #send(message: Message): void {
    if (this.#isClosed) return;
    if (this.#outbox.push(message) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const messages = this.#outbox;
    this.#outbox = [];
    // JSON has no line ends of its own.
    if (!this.#isClosed && messages.length > 0) this.#socket.write(`${toWire(messages)}\n`);
  }

  #receive(text: string): void {
    const end = text.lastIndexOf('\n');
    if (end === -1) {
      this.#read += text;
      return;
    }
    const whole = this.#read + text.slice(0, end);
    this.#read = text.slice(end + 1);
    for (const line of whole.split('\n'))
      for (const message of fromWire<Message[]>(line)) this.#take(message);
  }

  #take(message: Message): void {
    const [type] = message;
    if (type === 'notice') this.#listeners.get(message[1])?.(message[2] as never);
    else if (type === 'request') void this.#answer(message[1], message[2], message[3]);
    else if (type === 'rows') this.#keepRows(message[1], message[2]);
    else {
      const [, id, result] = message;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (type === 'failure') waiting?.reject(result as Error);
      else waiting?.resolve(this.#withRows(id, result) as never);
    }
  }

  async #answer(id: number, kind: string, body: unknown): Promise<void> {
    try {
      const handler = this.#handlers.get(kind);
      if (!handler) throw new Error(`no handler for ${kind}`);
      const result = await handler(body as never);
      const list = (result as WithValue | undefined)?.value;
      if (Array.isArray(list) && list.length > SLICE) await this.#replyInParts(id, result as WithValue, list);
      else this.#send(['reply', id, result]);
    } catch (error) {
      this.#send(['failure', id, error as Error]);
    }
  }

  async #replyInParts(id: number, result: WithValue, list: readonly unknown[]): Promise<void> {
    for (let start = 0; start < list.length; start += SLICE) {
      this.#send(['rows', id, list.slice(start, start + SLICE)]);
      await nextTurn();
      // Room for other work in the turn that follows.
      await nextTurn();
    }
    this.#send(['reply', id, { ...result, value: [] }]);
  }

  #keepRows(id: number, rows: readonly unknown[]): void {
    const known = this.#rows.get(id) ?? [];
    this.#rows.set(id, known);
    for (const row of rows) known.push(row);
  }

  #withRows(id: number, result: unknown): unknown {
    const value = this.#rows.get(id);
    if (!value) return result;
    this.#rows.delete(id);
    return { ...(result as WithValue), value };
  }
}
