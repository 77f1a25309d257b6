import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError, parse } from 'graphql';
import { CloseCode, type Context, handleProtocols, MessageType, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../../telemetry/log.ts';
import { badRequest } from '../errors/bad-requests.ts';
import type { Gateway } from '../gateway.ts';
import { writeErrorToSocket } from '../http/socket-error.ts';
import { RequestTurns } from '../limits/request-turns.ts';
import { connectionHeaders } from './connection-headers.ts';
import type { Subscription } from './subscription.ts';
import type { SubscriptionContext } from './use-subscriptions.ts';

/** WebSockets with the protocol `graphql-transport-ws`, which carry subscriptions only. */
export interface WebSockets {
  /** Answers the request to begin a WebSocket, which has been checked. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes all of them. Call it when their subscriptions have ended. Resolves when the last one has closed. */
  stop(): Promise<void>;
}

interface WebSocketsOptions {
  readonly fetch: Gateway['fetch'];
  readonly log: Log;
  readonly maxMessageBytes: number;
  /** Called when a connection carries subscriptions, and when it carries none any more. */
  readonly onUse: (socket: Duplex, isUsed: boolean) => void;
  /** How long a connection may carry none. */
  readonly idleMs?: number;
}

/** What is known of a connection. */
interface Extra {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  readonly opening: Set<string>;
  /** Subscriptions that may still have something to send. */
  active: number;
  /** Closes the connection. Set while it carries no subscription. */
  idle: NodeJS.Timeout | undefined;
}

/** Subscriptions that one connection opens at the same time. */
const MOST_OPENING = 32;
/** Bytes that a client has not read. Beyond it, it sends without reading. */
const MOST_UNSENT = 1024 * 1024;
const PING_MS = 15_000;
/** As long as a connection of HTTP without a request. */
const MOST_IDLE_MS = 65_000;
/** How long a client may take to close the connection. */
const CLOSE_MS = 2_000;
const TOO_MANY = 4429;
/** What the library asks for. The document of the message is read by the gateway. */
const PLACEHOLDER = parse('subscription { changes { cursor } }');

/** Creates them. Every `subscribe` message passes the gateway like a POST, so that nothing is checked twice. */
export function createWebSockets(options: WebSocketsOptions): WebSockets {
  const { fetch, log, maxMessageBytes, onUse, idleMs = MOST_IDLE_MS } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    // A few hundred bytes each, at the price of a buffer for each connection.
    perMessageDeflate: false,
    handleProtocols,
  });
  const protocol = makeServer<Record<string, unknown>, Extra>({
    async onSubscribe(context, id, payload) {
      const { extra } = context;
      if (extra.opening.size >= MOST_OPENING)
        return void extra.socket.close(TOO_MANY, 'Too many subscriptions are being opened');
      extra.opening.add(id);
      const opened = await open(context, id, payload).finally(() => extra.opening.delete(id));
      if (Array.isArray(opened)) return opened;
      return { schema: undefined as never, document: PLACEHOLDER, contextValue: opened };
    },
    subscribe: ({ contextValue }) => contextValue as ReturnType<typeof withoutEvents>,
    onError: (_context, _id, _payload, errors) =>
      errors.map(({ originalError, message, extensions, ...error }) =>
        originalError instanceof Ended
          ? originalError.error
          : { message, extensions, ...(error.path && { path: error.path }) },
      ),
  });

  const turns = new RequestTurns();
  /** Subscriptions of all connections that may still have something to send. */
  let active = 0;
  const begin = (extra: Extra) => {
    active++;
    if (extra.active++ > 0) return;
    clearTimeout(extra.idle);
    onUse(extra.request.socket, true);
  };
  const end = (extra: Extra) => {
    active--;
    if (--extra.active > 0) return;
    onUse(extra.request.socket, false);
    closeWhenIdle(extra);
  };
  const closeWhenIdle = (extra: Extra) => {
    extra.idle = setTimeout(() => extra.socket.close(1000, 'No subscription is open'), idleMs).unref();
  };
  const open = async (
    { connectionParams, extra, subscriptions }: Context<Record<string, unknown>, Extra>,
    id: string,
    body: object,
  ): Promise<AsyncGenerator<ExecutionResult> | readonly GraphQLError[]> => {
    const { request, socket } = extra;
    const left = new AbortController();
    const onClose = () => left.abort();
    socket.once('close', onClose);
    let subscription: Subscription | undefined;
    const { query, variables, operationName, extensions } = body as Readonly<Record<string, unknown>>;
    const response = await fetch(
      new Request(`http://${request.headers.host}/graphql`, {
        method: 'POST',
        headers: { ...connectionHeaders(request, connectionParams), 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables, operationName, extensions }),
        signal: left.signal,
      }),
      {
        req: request,
        onSubscription: (opened) => {
          subscription = opened;
        },
      } satisfies SubscriptionContext & { req: IncomingMessage },
    );
    if (!subscription) {
      socket.off('close', onClose);
      const { errors } = (await response.json()) as { errors: readonly GraphQLFormattedError[] };
      return errors.map(
        ({ message, path, extensions: shown }) =>
          new GraphQLError(message, { path: path ?? null, extensions: shown ?? null }),
      );
    }
    subscription.onForcedEnd((end) => {
      // The library waits for room to send the next event, and must not end it a second time.
      delete subscriptions[id];
      send(socket, JSON.stringify({ id, type: MessageType.Error, payload: [end] }));
      setTimeout(() => socket.bufferedAmount > 0 && socket.terminate(), CLOSE_MS).unref();
    });
    const opened = subscription;
    begin(extra);
    const ended = sendEvents(opened, id, extra).finally(() => {
      end(extra);
      socket.off('close', onClose);
    });
    // The library may have heard of the end before it asks.
    ended.catch(() => {});
    return withoutEvents(ended, () => opened.leave());
  };

  // The library would answer in plain text.
  server.on('wsClientError', (_error, socket) =>
    writeErrorToSocket(socket, badRequest('webSocketHandshake')),
  );
  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    let isAlive = true;
    const pinging = setInterval(() => {
      if (!isAlive) return socket.terminate();
      isAlive = false;
      socket.ping();
    }, PING_MS);
    socket.on('pong', () => {
      isAlive = true;
    });
    socket.on('ping', () => socket.bufferedAmount > MOST_UNSENT && socket.terminate());
    socket.on('error', (error) => log.info({ reason: error.message }, 'a WebSocket failed'));
    const extra: Extra = { request, socket, opening: new Set(), active: 0, idle: undefined };
    closeWhenIdle(extra);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', (data) =>
            turns.run(() =>
              receive(String(data)).catch((error: Error) => {
                log.error({ err: error }, 'a message of a WebSocket could not be handled');
                socket.close(CloseCode.InternalServerError, 'Internal error');
              }),
            ),
          ),
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      clearInterval(pinging);
      clearTimeout(extra.idle);
      void closed(code, String(reason));
    });
  });

  return {
    accept: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (opened) => server.emit('connection', opened, request)),
    async stop() {
      // The last message of each comes before the connection is closed.
      const until = performance.now() + CLOSE_MS;
      do await nextTurn();
      while (active > 0 && performance.now() < until);
      const open = [...server.clients];
      const closed = open.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of open) {
        socket.close(1001, 'Going away');
        setTimeout(() => socket.terminate(), CLOSE_MS).unref();
      }
      await Promise.all(closed);
    },
  };
}

/** A subscription ended with an error that the client may see. */
class Ended extends Error {
  readonly error: GraphQLFormattedError;

  constructor(error: GraphQLFormattedError) {
    super(error.message);
    this.error = error;
  }
}

/** Sends the events of a subscription until its client leaves. Throws {@link Ended}. */
async function sendEvents(subscription: Subscription, id: string, { socket, request }: Extra): Promise<void> {
  const before = `{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":`;
  for (;;) {
    const { events, end } = await subscription.next();
    if (end) throw new Ended(end);
    if (events.length === 0) return;
    request.socket.cork();
    const sent = events.map(({ json }) => send(socket, `${before}${json}}`));
    request.socket.uncork();
    await sent.at(-1);
  }
}

/**
 * What the library iterates over, which has no events: it would make the text of each one again for each client. It only
 * learns the end, and tells when the client completes the operation.
 */
const withoutEvents = (ended: Promise<void>, leave: () => void): AsyncGenerator<ExecutionResult> => {
  const done = { done: true, value: undefined } as const;
  return {
    next: () => ended.then(() => done),
    return: async () => {
      leave();
      return done;
    },
    throw: async () => done,
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      leave();
    },
  };
};

/** Resolves when the text has been passed to the operating system. */
function send(socket: WebSocket, text: string): Promise<void> {
  if (socket.bufferedAmount > MOST_UNSENT) socket.terminate();
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) resolve();
    // A connection that fails has an event of its own.
    else socket.send(text, () => resolve());
  });
}
