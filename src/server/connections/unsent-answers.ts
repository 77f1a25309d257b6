import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type MinimalRate, ReaderProgress } from './reader-progress.ts';

/** All figures are bytes or milliseconds. */
export interface UnsentAnswersOptions extends MinimalRate {
  readonly bound: number;
  /** The part of `bound` that all clients together may hold who have not proved who they are. */
  readonly unprovenBound: number;
  /** A client that has taken nothing for this long is cut when there is no room. */
  readonly stalledMs: number;
  /** How long an answer waits for room. */
  readonly patienceMs: number;
  readonly sweepMs: number;
  readonly now: () => number;
}

const MEBIBYTE = 1024 * 1024;

export const defaults: UnsentAnswersOptions = {
  bound: 64 * MEBIBYTE,
  unprovenBound: 32 * MEBIBYTE,
  stalledMs: 2_000,
  // A busy process sweeps late; even then a client that reads nothing is cut before 30 s.
  timeoutMs: 20_000,
  minBytes: 256 * 1024,
  patienceMs: 4_000,
  sweepMs: 500,
  now: () => performance.now(),
};

/** What was granted counts twice for a moment: until then it has been written. */
const RESERVED_MS = 250;

type Kind = 'proven' | 'unproven';

interface Tracked {
  kind: Kind;
  readonly client: Client;
}

interface Client {
  readonly progress: ReaderProgress;
  readonly responses: Set<ServerResponse>;
}

interface Waiter {
  readonly bytes: number;
  readonly kind: Kind;
  readonly until: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (granted: boolean) => void;
}

/**
 * Accounts for the bytes of answers that clients have not taken yet, across all listeners of the process. Cuts clients
 * that read too slowly, and when memory is short those that have been stalled longest, unproven ones first.
 */
export class UnsentAnswers {
  readonly #options: UnsentAnswersOptions;
  readonly #tracked = new Map<ServerResponse, Tracked>();
  readonly #clients = new Map<Socket, Client>();
  readonly #waiting = new Set<Waiter>();
  readonly #reserved = { proven: 0, unproven: 0 };
  #sweeping: NodeJS.Timeout | undefined;

  constructor(options: Partial<UnsentAnswersOptions> = {}) {
    this.#options = { ...defaults, ...options };
  }

  /** Bytes that were written and that the operating system has not taken from this process yet. */
  get total(): number {
    let sum = 0;
    for (const response of this.#tracked.keys()) sum += response.writableLength;
    return sum;
  }

  /** How many responses are watched. */
  get watched(): number {
    return this.#tracked.size;
  }

  /** Watches a response from its request to its end. It counts as unproven until {@link UnsentAnswers.prove}. */
  track(response: ServerResponse): void {
    const { socket } = response.req;
    const client = this.#clients.get(socket) ?? this.#meet(socket);
    client.responses.add(response);
    this.#tracked.set(response, { kind: 'unproven', client });
    response.once('close', () => {
      this.#tracked.delete(response);
      client.responses.delete(response);
      if (client.responses.size === 0) this.#clients.delete(socket);
      if (this.#waiting.size > 0) this.#serve();
    });
    // A response that waits behind another gets no `close` of its own when the connection goes.
    response.req.once('close', () => {
      if (socket.destroyed) this.#forget(socket);
    });
    this.#startSweeping();
  }

  #meet(socket: Socket): Client {
    const client = { progress: new ReaderProgress(), responses: new Set<ServerResponse>() };
    this.#clients.set(socket, client);
    return client;
  }

  #forget(socket: Socket): void {
    for (const response of this.#clients.get(socket)?.responses ?? []) this.#tracked.delete(response);
    this.#clients.delete(socket);
  }

  /** Notes that the client of this response has proved who it is. */
  prove(response: ServerResponse): void {
    const tracked = this.#tracked.get(response);
    if (tracked) tracked.kind = 'proven';
  }

  /**
   * Resolves to true when `bytes` more fit; they are reserved for a moment, so write them at once. Resolves to false when
   * they did not fit within a few seconds. The room is that of proven clients unless `response` belongs to another.
   */
  room(bytes: number, signal?: AbortSignal, response?: ServerResponse): Promise<boolean> {
    const kind = (response && this.#tracked.get(response)?.kind) ?? 'proven';
    const { bound, unprovenBound, patienceMs, now } = this.#options;
    if (signal?.aborted || bytes > (kind === 'proven' ? bound : unprovenBound)) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waiting.add({ bytes, kind, until: now() + patienceMs, signal, resolve });
      this.#serve();
      this.#startSweeping();
    });
  }

  /** Grants in the order of arrival; a full share of the unproven does not hold the others up. */
  #serve(): void {
    const isBlocked = { proven: false, unproven: false };
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

  /** By how much `more` of a kind would not fit. */
  #excess(kind: Kind, more: number): number {
    const { bound, unprovenBound } = this.#options;
    const held = { ...this.#reserved };
    for (const [{ writableLength }, tracked] of this.#tracked) held[tracked.kind] += writableLength;
    const excess = held.proven + held.unproven + more - bound;
    return kind === 'proven' ? excess : Math.max(excess, held.unproven + more - unprovenBound);
  }

  #startSweeping(): void {
    this.#sweeping ??= setInterval(() => this.#sweep(), this.#options.sweepMs).unref();
  }

  #sweep(): void {
    const now = this.#options.now();
    const stalled: { response: ServerResponse; kind: Kind; ms: number }[] = [];
    for (const [response, { kind, client }] of this.#tracked) {
      const { progress } = client;
      progress.observe(response, now);
      const ms = progress.stalledMs(now);
      if (progress.isTooSlow(now, this.#options)) this.#cut(response);
      else if (ms >= this.#options.stalledMs) stalled.push({ response, kind, ms });
    }
    stalled.sort((a, b) => b.kind.localeCompare(a.kind) || b.ms - a.ms);
    const waiting = [...this.#waiting];
    const wanted = (kind: Kind) => waiting.find((waiter) => waiter.kind === kind)?.bytes ?? 0;
    const isShort = (kind: Kind) => this.#excess(kind, wanted(kind)) > 0;
    // A proven client is cut for the whole process's sake, and never because strangers have filled their share.
    for (const { response, kind } of stalled)
      if (isShort('proven') || (kind === 'unproven' && isShort('unproven'))) this.#cut(response);
    this.#serve();
    if (this.#tracked.size > 0 || this.#waiting.size > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
  }

  #cut(response: ServerResponse): void {
    const { socket } = response.req;
    this.#forget(socket);
    socket.destroy();
  }
}
