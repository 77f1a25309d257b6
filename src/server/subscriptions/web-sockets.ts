import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError, parse } from 'graphql';
import { CloseCode, type Context, handleProtocols, MessageType, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../../telemetry/log.ts';
import { badRequest } from '../errors/bad-requests.ts';
import { overloaded } from '../errors/http-error.ts';
import type { Gateway } from '../gateway.ts';
import { pathOf } from '../http/path-of.ts';
import { writeErrorToSocket } from '../http/socket-error.ts';
import { RequestTurns } from '../limits/request-turns.ts';
import { connectionHeaders } from './connection-headers.ts';
import type { Subscription } from './subscription.ts';
import type { SubscriptionContext } from './use-subscriptions.ts';
import { WebSocketConnection } from './web-socket-connection.ts';

/** WebSockets with the protocol `graphql-transport-ws`, which carry subscriptions only. */
export interface WebSockets {
  /** Answers the request to begin a WebSocket, which has been checked. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes all of them, and accepts no other. Call it when their subscriptions have ended. Resolves when all are closed. */
  stop(): Promise<void>;
}

interface WebSocketsOptions {
  /** Passes a request to the endpoint at its path. */
  readonly fetch: Gateway['fetch'];
  readonly log: Log;
  readonly maxMessageBytes: number;
  /** Called when a connection carries subscriptions, and when it carries none any more. */
  readonly onUse: (socket: Duplex, isUsed: boolean) => void;
  /** How long a connection may carry none. */
  readonly idleMs?: number;
}

/** Subscriptions that one connection opens at the same time. */
const MOST_OPENING = 32;
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
  const protocol = makeServer<Record<string, unknown>, WebSocketConnection>({
    async onSubscribe(context, id, payload) {
      const { opening, socket } = context.extra;
      // The library would let a second one with the same id pass while the first is being opened.
      if (opening.has(id))
        return void socket.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
      if (opening.size >= MOST_OPENING)
        return void socket.close(TOO_MANY, 'Too many subscriptions are being opened');
      opening.add(id);
      const opened = await open(context, id, payload).finally(() => opening.delete(id));
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
  let isStopping = false;

  const open = async (
    {
      connectionParams,
      extra: connection,
      subscriptions,
    }: Context<Record<string, unknown>, WebSocketConnection>,
    id: string,
    body: object,
  ): Promise<AsyncGenerator<ExecutionResult> | readonly GraphQLError[]> => {
    const { request, socket, left } = connection;
    let subscription: Subscription | undefined;
    const { query, variables, operationName, extensions } = body as Readonly<Record<string, unknown>>;
    const response = await fetch(
      new Request(`http://${request.headers.host}${pathOf(request.url ?? '')}`, {
        method: 'POST',
        headers: { ...connectionHeaders(request, connectionParams), 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables, operationName, extensions }),
        signal: left,
      }),
      {
        req: request,
        onSubscription: (opened) => {
          subscription = opened;
        },
      } satisfies SubscriptionContext & { req: IncomingMessage },
    );
    if (!subscription) {
      const { errors } = (await response.json()) as { errors: readonly GraphQLFormattedError[] };
      return errors.map(
        ({ message, path, extensions: shown }) =>
          new GraphQLError(message, { path: path ?? null, extensions: shown ?? null }),
      );
    }
    const opened = subscription;
    opened.onForcedEnd((end) => {
      // The library waits for room to send the next event, and must not end it a second time.
      delete subscriptions[id];
      void connection.send(JSON.stringify({ id, type: MessageType.Error, payload: [end] }));
      setTimeout(() => socket.bufferedAmount > 0 && socket.terminate(), CLOSE_MS).unref();
    });
    active++;
    connection.begin();
    const ended = sendEvents(opened, id, connection).finally(() => {
      active--;
      connection.end();
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
    const { socket: carrier } = request;
    const connection = new WebSocketConnection({
      request,
      socket,
      turns,
      idleMs,
      onUse: (isUsed) => onUse(carrier, isUsed),
    });
    socket.on('error', (error) => log.info({ reason: error.message }, 'a WebSocket failed'));
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => connection.send(text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          connection.onMessage((text) =>
            receive(text).catch((error: Error) => {
              log.error({ err: error }, 'a message of a WebSocket could not be handled');
              socket.close(CloseCode.InternalServerError, 'Internal error');
            }),
          ),
      },
      connection,
    );
    socket.once('close', (code, reason) => void closed(code, String(reason)));
  });

  return {
    accept(request, socket, head) {
      if (isStopping) writeErrorToSocket(socket, overloaded());
      else
        server.handleUpgrade(request, socket, head, (opened) => server.emit('connection', opened, request));
    },
    async stop() {
      isStopping = true;
      // The last message of each comes before the connection is closed.
      const until = performance.now() + CLOSE_MS;
      do await nextTurn();
      while (active > 0 && performance.now() < until);
      const clients = [...server.clients];
      const closed = clients.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of clients) {
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
async function sendEvents(
  subscription: Subscription,
  id: string,
  connection: WebSocketConnection,
): Promise<void> {
  const before = `{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":`;
  while (connection.isOpen) {
    const { events, end } = await subscription.next();
    if (end) throw new Ended(end);
    if (events.length === 0) return;
    await connection.sendEvents(events.map(({ json }) => `${before}${json}}`));
  }
  // It may have closed before anybody listened for that.
  subscription.leave();
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
