import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { RequestTurns } from '../limits/request-turns.ts';

/** Messages of a client that wait for their turn. Beyond the first bound it is not read, beyond the second it is cut. */
const PAUSED_AT = 16;
const MOST_WAITING = 2_000;
/** Bytes that a client has not read. Beyond it, it sends messages without reading what they are answered with. */
const MOST_UNSENT = 1024 * 1024;
/** So much is given to the operating system at once, and then waited for. */
const PORTION = 256 * 1024;
const PING_MS = 15_000;

export interface ConnectionOptions {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  /** Shared by all connections. */
  readonly turns: RequestTurns;
  /** How long it may carry no subscription. */
  readonly idleMs: number;
  /** Called when it carries subscriptions, and when it carries none any more. */
  readonly onUse: (isUsed: boolean) => void;
}

/** One WebSocket: what it may send and hold, and when it ends. */
export class WebSocketConnection {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  /** Aborts when the client has left. */
  readonly left: AbortSignal;
  /** The ids of subscriptions that are being opened. */
  readonly opening = new Set<string>();
  readonly #options: ConnectionOptions;
  readonly #waiting: string[] = [];
  #isReceiving = false;
  #sending: Promise<unknown> = Promise.resolve();
  #active = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    const { request, socket } = options;
    this.#options = options;
    this.request = request;
    this.socket = socket;
    const left = new AbortController();
    this.left = left.signal;
    setMaxListeners(0, left.signal);
    let isAlive = true;
    const pinging = setInterval(() => {
      if (!isAlive) return socket.terminate();
      isAlive = false;
      socket.ping();
    }, PING_MS);
    socket.on('pong', () => {
      isAlive = true;
    });
    // The library answers each of them.
    socket.on('ping', () => this.#requireReader());
    socket.once('close', () => {
      clearInterval(pinging);
      clearTimeout(this.#idle);
      left.abort();
    });
    this.#closeWhenIdle();
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Passes on the messages of the client, one in each turn of the event loop that has time for it. */
  onMessage(receive: (text: string) => void): void {
    const step = () => {
      const text = this.#waiting.shift();
      if (text === undefined || !this.isOpen) {
        this.#isReceiving = false;
        this.#waiting.length = 0;
        return;
      }
      if (this.#waiting.length < PAUSED_AT && this.socket.isPaused) this.socket.resume();
      receive(text);
      this.#options.turns.run(step);
    };
    this.socket.on('message', (data) => {
      this.#waiting.push(String(data));
      if (this.#waiting.length > MOST_WAITING) this.socket.terminate();
      else if (this.#waiting.length > PAUSED_AT) this.socket.pause();
      if (this.#isReceiving) return;
      this.#isReceiving = true;
      this.#options.turns.run(step);
    });
  }

  /** Sends a message. Resolves when it has been passed to the operating system. */
  send(text: string): Promise<void> {
    this.#requireReader();
    return this.#write(text);
  }

  /**
   * Sends the messages of events, after those of other subscriptions. Resolves when the client has taken them, as far as
   * the operating system knows.
   */
  sendEvents(texts: readonly string[]): Promise<unknown> {
    this.#sending = this.#sending.then(async () => {
      const { socket } = this.request;
      for (let start = 0; start < texts.length; ) {
        let size = 0;
        let last: Promise<void> | undefined;
        socket.cork();
        for (; start < texts.length && size < PORTION; start++) {
          const text = texts[start] ?? '';
          size += text.length;
          last = this.#write(text);
        }
        socket.uncork();
        await last;
      }
    });
    return this.#sending;
  }

  /** Notes that a subscription has begun. */
  begin(): void {
    if (this.#active++ > 0) return;
    clearTimeout(this.#idle);
    this.#options.onUse(true);
  }

  /** Notes that one has ended. */
  end(): void {
    if (--this.#active > 0) return;
    this.#options.onUse(false);
    this.#closeWhenIdle();
  }

  #closeWhenIdle(): void {
    const close = () => this.socket.close(1000, 'No subscription is open');
    this.#idle = setTimeout(close, this.#options.idleMs).unref();
  }

  #requireReader(): void {
    if (this.socket.bufferedAmount > MOST_UNSENT) this.socket.terminate();
  }

  #write(text: string): Promise<void> {
    return new Promise((resolve) => {
      // A connection that fails has an event of its own.
      if (this.isOpen) this.socket.send(text, () => resolve());
      else resolve();
    });
  }
}
