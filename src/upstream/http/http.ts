import type { Dispatcher } from 'undici';
import { Pool } from 'undici';
import type { Cancellation } from '../cancellation.ts';

/** One HTTP request. At this level no status is an error. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** The exchange is aborted when more bytes arrive. */
  readonly maxBytes: number;
  /** From the start to the last byte, in milliseconds. A time-out between chunks would never end a slow drip. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** No complete answer arrived within the time allowed. */
export class HttpTimeout extends Error {
  override name = 'HttpTimeout';
}

/** The answer was longer than the caller accepts. */
export class AnswerTooLarge extends Error {
  override name = 'AnswerTooLarge';
}

/** The exchange failed before its first byte was sent, so the upstream has not seen it. The cause says why. */
export class NotSent extends Error {
  override name = 'NotSent';
}

export interface Http {
  /**
   * Throws {@link NotSent}, {@link HttpTimeout}, {@link AnswerTooLarge}, the reason of the cancellation, or undici's
   * network error.
   */
  exchange(request: HttpRequest, cancellation: Cancellation): Promise<HttpAnswer>;
  /** Aborts exchanges that are still under way and closes the connections. */
  close(): Promise<void>;
}

/**
 * Opens at most `connections` sockets to the origin. Redirects are never followed, since they would send the keys to
 * another host. Why `dispatch` and not `request`: docs/decisions/0003-undici-dispatch.md.
 */
export function createHttp(origin: string, connections: number): Http {
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    connectTimeout: 3_000,
    // The exchange has its own timer, see `timeoutMs`.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    exchange: (request, cancellation) =>
      new Promise((resolve, reject) => {
        const exchange = new Exchange(request, cancellation, resolve, reject);
        const { method, path, headers, body } = request;
        pool.dispatch({ method, path, headers, body: body ?? null }, exchange);
      }),
    close: () => pool.destroy(),
  };
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #maxBytes: number;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: HttpAnswer['headers'] = {};
  #controller: Dispatcher.DispatchController | undefined;
  #failure: Error | undefined;

  constructor(
    { maxBytes, timeoutMs }: HttpRequest,
    cancellation: Cancellation,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#maxBytes = maxBytes;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(
      () => this.#fail(this.#unlessSent(new HttpTimeout(`no answer within ${timeoutMs} ms`))),
      timeoutMs,
    );
    this.#unsubscribe = cancellation.subscribe((reason) => this.#fail(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpAnswer['headers'],
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#fail(new AnswerTooLarge(`more than ${this.#maxBytes} bytes`));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#settle();
    const body = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const text = body?.toString() ?? '';
    this.#resolve({ status: this.#status, headers: this.#headers, body: withoutMark(text) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle();
    this.#reject(this.#failure ?? this.#unlessSent(error));
  }

  // undici passes the controller just before it writes the request to a socket.
  #unlessSent(error: Error): Error {
    return this.#controller ? error : new NotSent(error.message, { cause: error });
  }

  // Rejects at once: as long as the request waits for a connection, undici has nothing to abort.
  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#settle();
    this.#reject(error);
    this.#controller?.abort(error);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#unsubscribe?.();
  }
}

/** Removes a byte-order mark, which .NET and PowerShell write. */
const withoutMark = (text: string) => (text.startsWith('\ufeff') ? text.slice(1) : text);
