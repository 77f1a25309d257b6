import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Exchange, exchangeOf, exchangesOn, onceClosed } from './exchange.ts';
import { LongAnswers } from './long-answers.ts';
import { ReaderProgress } from './reader-progress.ts';
import { defaults, type UnsentAnswersOptions } from './unsent-answers-options.ts';

/** How long granted bytes are reserved. They are written within this time, and count twice until it ends. */
const RESERVED_MS = 250;

type Kind = 'authenticated' | 'unauthenticated';

interface Client {
  /** Since it has responses that are not over. */
  progress: ReaderProgress | undefined;
}

const kindOf = ({ isAuthenticated }: Exchange): Kind =>
  isAuthenticated ? 'authenticated' : 'unauthenticated';

interface Waiter {
  readonly bytes: number;
  readonly kind: Kind;
  readonly until: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (granted: boolean) => void;
}

/**
 * Counts the bytes of responses that clients have not read yet, across all servers of the process. Disconnects clients
 * that read too slowly and, when memory is short, those that have stalled longest, unauthenticated ones first.
 */
export class UnsentAnswers {
  /** The room that long answers hold until they have been sent. */
  readonly long = new LongAnswers();
  readonly #options: UnsentAnswersOptions;
  readonly #clients = new Map<Socket, Client>();
  readonly #waiting = new Set<Waiter>();
  readonly #reserved = { authenticated: 0, unauthenticated: 0 };
  #sweeping: NodeJS.Timeout | undefined;

  constructor(options: Partial<UnsentAnswersOptions> = {}) {
    this.#options = { ...defaults, ...options };
  }

  /** Bytes that were written and not yet passed to the operating system. */
  get total(): number {
    let sum = 0;
    for (const { response } of this.#exchanges()) sum += response.writableLength;
    return sum;
  }

  /** How many responses are watched. */
  get watched(): number {
    return [...this.#exchanges()].length;
  }

  /** Watches a response from its request to its end. It counts as unauthenticated until {@link UnsentAnswers.markAuthenticated}. */
  track(response: ServerResponse): void {
    const { socket } = response.req;
    const client = this.#clients.get(socket) ?? this.#meet(socket);
    onceClosed(response, () => {
      if (exchangesOn(socket).length === 0) client.progress = undefined;
      if (this.#waiting.size > 0) this.#serve();
    });
    this.#startSweeping();
  }

  #meet(socket: Socket): Client {
    const client: Client = { progress: undefined };
    this.#clients.set(socket, client);
    socket.once('close', () => this.#clients.delete(socket));
    return client;
  }

  *#exchanges(): Iterable<Exchange> {
    for (const socket of this.#clients.keys()) yield* exchangesOn(socket);
  }

  /** Counts this response as that of an authenticated client from now on. */
  markAuthenticated(response: ServerResponse): void {
    exchangeOf(response).isAuthenticated = true;
  }

  /**
   * Resolves to true when `bytes` more fit, and reserves them for a moment, so write them at once. Resolves to false if
   * they do not fit within a few seconds. Without `response`, the client counts as authenticated.
   */
  room(bytes: number, signal?: AbortSignal, response?: ServerResponse): Promise<boolean> {
    const kind = response ? kindOf(exchangeOf(response)) : 'authenticated';
    const { bound, unauthenticatedBound, patienceMs, now } = this.#options;
    if (signal?.aborted || bytes > (kind === 'authenticated' ? bound : unauthenticatedBound))
      return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waiting.add({ bytes, kind, until: now() + patienceMs, signal, resolve });
      this.#serve();
      this.#startSweeping();
    });
  }

  /** Grants in order of arrival. Unauthenticated clients that exceed their share do not hold up the others. */
  #serve(): void {
    const isBlocked = { authenticated: false, unauthenticated: false };
    for (const waiter of this.#waiting) {
      const { bytes, kind, signal, until, resolve } = waiter;
      const isOver = signal?.aborted === true || this.#options.now() >= until;
      if (!isOver && !isBlocked[kind]) isBlocked[kind] = this.#excess(kind, bytes) > 0;
      if (!isOver && isBlocked[kind]) continue;
      this.#waiting.delete(waiter);
      if (!isOver) this.#reserve(bytes, kind);
      resolve(!isOver);
    }
  }

  #reserve(bytes: number, kind: Kind): void {
    this.#reserved[kind] += bytes;
    setTimeout(() => {
      this.#reserved[kind] -= bytes;
      this.#serve();
    }, RESERVED_MS).unref();
  }

  /** Returns by how many bytes `more` bytes of a kind would exceed the bound. */
  #excess(kind: Kind, more: number): number {
    const { bound, unauthenticatedBound } = this.#options;
    const held = { ...this.#reserved };
    for (const exchange of this.#exchanges()) held[kindOf(exchange)] += exchange.response.writableLength;
    const excess = held.authenticated + held.unauthenticated + more - bound;
    return kind === 'authenticated'
      ? excess
      : Math.max(excess, held.unauthenticated + more - unauthenticatedBound);
  }

  #startSweeping(): void {
    this.#sweeping ??= setInterval(() => this.#sweep(), this.#options.sweepMs).unref();
  }

  #sweep(): void {
    const now = this.#options.now();
    const stalled: { response: ServerResponse; kind: Kind; ms: number }[] = [];
    let isWatching = false;
    for (const [socket, client] of this.#clients)
      for (const exchange of exchangesOn(socket)) {
        isWatching = true;
        client.progress ??= new ReaderProgress();
        const { progress } = client;
        const { response } = exchange;
        progress.observe(response, now);
        const ms = progress.stalledMs(now);
        if (progress.isTooSlow(now, this.#options)) this.#cut(response);
        else if (ms >= this.#options.stalledMs) stalled.push({ response, kind: kindOf(exchange), ms });
      }
    stalled.sort((a, b) => b.kind.localeCompare(a.kind) || b.ms - a.ms);
    const waiting = [...this.#waiting];
    const wanted = (kind: Kind) => waiting.find((waiter) => waiter.kind === kind)?.bytes ?? 0;
    const isShortOf = (kind: Kind) => this.#excess(kind, wanted(kind)) > 0;
    // Adding up takes as long as there are connections, so it is done anew only when one was cut.
    const shortage = () => ({
      authenticated: isShortOf('authenticated'),
      unauthenticated: isShortOf('unauthenticated'),
    });
    let isShort = shortage();
    // An authenticated client is disconnected only for the bound of the process, not for the share of the others.
    for (const { response, kind } of stalled)
      if (
        isShort.authenticated ||
        (kind === 'unauthenticated' && isShort.unauthenticated) ||
        this.long.isInTheWay(response)
      ) {
        this.#cut(response);
        isShort = shortage();
      }
    this.#serve();
    if (isWatching || this.#waiting.size > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
  }

  #cut(response: ServerResponse): void {
    const { socket } = response.req;
    this.#clients.delete(socket);
    socket.destroy();
  }
}
