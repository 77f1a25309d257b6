import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpServer, limits } from '../../src/server/http/http-server.ts';
import { createWebSockets } from '../../src/server/subscriptions/web-sockets.ts';
import { createLog } from '../../src/telemetry/log.ts';
import type { TestGateway } from './gateway.ts';

/** An event as a client receives it. */
export interface ReceivedEvent {
  readonly id?: string;
  readonly data?: {
    readonly changes: {
      readonly cursor: string;
      readonly caughtUp: boolean;
      readonly change: {
        readonly kind: string;
        readonly msn: string | null;
        readonly fields: readonly { readonly name: string; readonly after: string | null }[];
      } | null;
    };
  } | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly cursor?: string; readonly retryable: boolean };
  }[];
}

export const FOLLOW =
  'subscription ($after: String, $filter: ChangeFilter) { changes(after: $after, filter: $filter) { cursor caughtUp change { kind msn fields { name after } } } }';

/** A subscription over SSE. */
export interface Follower {
  readonly response: IncomingMessage;
  /** Resolves to the next event; to undefined when the response has ended. */
  next(): Promise<ReceivedEvent | undefined>;
  /** Resolves to the first of the next events that has a change, or the last one. */
  nextChange(): Promise<ReceivedEvent | undefined>;
  leave(): void;
}

/** Reads the events of a response, with their ids. */
function readEvents(response: IncomingMessage, sent: ClientRequest): Follower {
  const events: ReceivedEvent[] = [];
  let text = '';
  let isOver = false;
  let wake: () => void = () => {};
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      if (field('event') === 'next') events.push({ id: field('id'), ...JSON.parse(field('data') ?? '') });
    }
    wake();
  });
  const end = () => {
    isOver = true;
    wake();
  };
  response.on('close', end);
  response.on('error', end);
  const next = async () => {
    while (events.length === 0 && !isOver)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return events.shift();
  };
  return {
    response,
    next,
    nextChange: async () => {
      for (;;) {
        const event = await next();
        if (!event || event.errors || event.data?.changes.change) return event;
      }
    },
    leave: () => sent.destroy(),
  };
}

/** Sends a subscription over SSE. */
export async function follow(
  url: string,
  variables: object = {},
  headers: Record<string, string> = {},
  query = FOLLOW,
): Promise<Follower> {
  const sent = request(url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
  });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ query, variables }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return readEvents(response, sent);
}

/** Serves a gateway of a test on a port, with WebSockets. */
export async function listen(gateway: TestGateway, origins: readonly string[] = []) {
  const log = createLog('silent');
  const webSockets = createWebSockets({
    fetch: gateway.gateway.fetch,
    log,
    maxMessageBytes: 64 * 1024,
    onUse: () => {},
    idleMs: 1_500,
  });
  const server = createHttpServer(gateway.gateway, limits, {
    upgrades: { origins: new Map([['/graphql', origins]]), isFull: () => false, accept: webSockets.accept },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    ws: `ws://127.0.0.1:${port}/graphql`,
    webSockets,
    [Symbol.asyncDispose]: async () => {
      await webSockets.stop();
      server.closeAllConnections();
      server.close();
    },
  };
}
