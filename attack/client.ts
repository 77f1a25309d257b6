import { connect } from 'node:net';
import { Agent, request } from 'undici';
import type { Endpoint } from './endpoint.ts';
import type { SecretWatch } from './secret-watch.ts';

/** A request as it goes out. */
export interface AttackRequest {
  readonly method?: string;
  /** The endpoint under attack by default. */
  readonly path?: string;
  /** A list is a header that is sent several times. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
  /** Sent without the headers that the endpoint expects of every request. */
  readonly bare?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly ms: number;
}

/** Speaks HTTP to one gateway, and looks at everything that comes back. */
export interface Client extends AsyncDisposable {
  send(request: AttackRequest): Promise<Reply>;
  /** Bytes as they are; gives all that came back until the connection closed or was silent for `quietMs`. */
  raw(bytes: Iterable<string | Buffer>, quietMs?: number): Promise<{ text: string; sent: number }>;
}

const PATIENCE_MS = 30_000;

export function createClient(origin: string, secrets: SecretWatch, endpoint: Endpoint): Client {
  const dispatcher = new Agent({
    connections: 64,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
    // A refused header of a megabyte must reach the gateway.
    maxHeaderSize: 64 * 1024,
  });
  const { hostname, port } = new URL(origin);
  return {
    async send({ method = 'POST', path = endpoint.path, headers = {}, body, signal, bare = false }) {
      const startedAt = performance.now();
      const answer = await request(origin + path, {
        dispatcher,
        method: method as 'POST',
        headers: bare ? headers : { ...endpoint.headers, ...headers },
        body: body ?? null,
        signal: signal ?? null,
      });
      const text = await answer.body.text();
      secrets.look('an answer', text);
      secrets.look('the headers of an answer', JSON.stringify(answer.headers));
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text,
        ms: performance.now() - startedAt,
      };
    },
    raw: (bytes, quietMs = 500) =>
      new Promise((resolve) => {
        const socket = connect(Number(port), hostname);
        let text = '';
        let sent = 0;
        let over = false;
        let quiet: NodeJS.Timeout;
        const end = () => {
          if (over) return;
          over = true;
          clearTimeout(quiet);
          socket.destroy();
          secrets.look('an answer', text);
          resolve({ text, sent });
        };
        const wait = () => {
          clearTimeout(quiet);
          quiet = setTimeout(end, quietMs);
        };
        socket.setEncoding('latin1');
        socket.on('data', (part) => {
          text += part;
          wait();
        });
        socket.on('error', end);
        socket.on('close', end);
        socket.on('connect', async () => {
          for (const part of bytes) {
            // An answer may have come: what is sent behind it only gets it thrown away.
            await new Promise(setImmediate);
            if (over || text !== '') return;
            sent += part.length;
            if (!socket.write(part))
              await new Promise<void>((drained) => {
                const go = () => {
                  socket.off('drain', go);
                  socket.off('close', go);
                  drained();
                };
                socket.on('drain', go);
                socket.on('close', go);
                if (over) go();
              });
          }
          wait();
        });
      }),
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
}
