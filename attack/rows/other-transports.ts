import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { headerLines } from '../endpoint.ts';
import type { Target } from '../fixture.ts';
import { residentBytes } from '../process-metrics.ts';
import { graphqlRequest, type Refusal, type Row, readJson, type TestContext } from '../test-context.ts';

export const otherTransportRows: readonly Row[] = [
  {
    id: 'A51',
    what: 'transports: what is offered has every check, the others are refused',
    run: otherTransports,
  },
];

const deep = (levels: number) =>
  `${'{ salesUnits { nodes { merchant '.repeat(levels)}{ name }${' } } }'.repeat(levels)}`;
/** Documents that a POST is refused, and the code. */
const refusedDocuments = (
  aliases: number,
): readonly (readonly [what: string, document: string, codes: readonly string[]])[] => [
  ['an unknown field', 'subscription { x }', ['BAD_REQUEST']],
  ['two root fields', 'subscription { changes { cursor } b: changes { cursor } }', ['BAD_REQUEST']],
  ['introspection', '{ __schema { types { name } } }', ['INTROSPECTION_DISABLED']],
  ['a deep document', deep(40), ['OPERATION_TOO_COMPLEX']],
  [
    'many aliases',
    `{ ${Array.from({ length: aliases }, (_, index) => `a${index}: viewer { tenant }`).join(' ')} }`,
    ['OPERATION_TOO_COMPLEX'],
  ],
  [
    'a long document',
    `subscription { changes { cursor } } #${'x'.repeat(200_000)}`,
    ['OPERATION_TOO_COMPLEX'],
  ],
  ['@defer', '{ ... @defer { viewer { tenant } } }', ['BAD_REQUEST', 'OPERATION_TOO_COMPLEX']],
  ['@stream', '{ salesUnits { nodes @stream { msn } } }', ['BAD_REQUEST', 'OPERATION_TOO_COMPLEX']],
  [
    'events that cost too much',
    'subscription { changes { change { merchant { salesUnits(first: 1000) { nodes { merchant { salesUnits(first: 1000) { nodes { msn } } } } } } } } }',
    ['OPERATION_TOO_EXPENSIVE'],
  ],
];

async function otherTransports(context: TestContext): Promise<void> {
  const { target, check } = context;
  const documents = refusedDocuments(target.endpoint.tooMany.aliases);
  for (const [what, document, codes] of documents) {
    const refusal: Refusal = { codes };
    await context.refused(`${what} by POST`, graphqlRequest(target, document), refusal);
    for (const accept of ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0']) {
      const request = graphqlRequest(target, document);
      const headers = { ...request.headers, accept };
      await context.refused(`${what} as ${accept}`, { ...request, headers }, refusal);
    }
  }
  const events = graphqlRequest(target, 'subscription { changes { cursor } }');
  const unknown = { ...events.headers, accept: 'text/event-stream', authorization: 'Bearer mg_unknown' };
  await context.refused(
    'events without a key',
    { ...events, headers: unknown },
    { codes: ['UNAUTHENTICATED'], statuses: [401] },
  );
  await context.refused('a subscription as JSON', events, { codes: ['BAD_REQUEST'] });

  const key = target.fixture.keyring.browser.key;
  const codeOf = (query: string, authorization = `Bearer ${key}`) =>
    webSocketCode(target, query, authorization);
  for (const [what, document, codes] of documents) {
    const code = await codeOf(document);
    check(`${what} over a WebSocket`, codes.includes(code), code);
  }
  for (const operation of [
    '{ viewer { tenant } }',
    'mutation { deleteProductOrder(input: { productOrderId: "x" }) { __typename } }',
  ]) {
    const code = await codeOf(operation);
    check('a WebSocket carries subscriptions only', code === 'BAD_REQUEST', code);
  }
  const unauthenticated = await codeOf('subscription { changes { cursor } }', 'Bearer mg_unknown');
  check('a WebSocket without a key', unauthenticated === 'UNAUTHENTICATED', unauthenticated);

  const upgrade = async (headers: Record<string, string>) =>
    (
      await target.client.raw([
        `GET ${target.endpoint.path} HTTP/1.1\r\n${headerLines({
          ...target.endpoint.headers,
          host: 'gateway',
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-protocol': 'graphql-transport-ws',
          ...headers,
        })}\r\n`,
      ])
    ).text;
  for (const origin of [
    'https://evil.example',
    'null',
    'http://gateway.evil.example',
    'https://good.example.evil',
  ])
    check(`a WebSocket from ${origin}`, (await upgrade({ origin })).startsWith('HTTP/1.1 403'));
  for (const other of ['graphql-ws', '', 'graphql-transport-ws2'])
    check(
      `the protocol ${other}`,
      !(await upgrade({ 'sec-websocket-protocol': other })).startsWith('HTTP/1.1 101'),
    );
  check('another protocol', !/^HTTP\/1\.1 101/.test(await upgrade({ upgrade: 'h2c' })));
  await floods(context);
}

/** Returns the code with which a WebSocket refuses an operation. */
async function webSocketCode(target: Target, query: string, authorization: string): Promise<string> {
  const client = createClient({
    url: target.url.replace('http', 'ws') + target.endpoint.path,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { ...target.endpoint.headers, authorization },
  });
  try {
    await client.iterate({ query }).next();
    return 'accepted';
  } catch (errors) {
    target.fixture.secrets.look('a refusal over a WebSocket', JSON.stringify(errors));
    return Array.isArray(errors) ? String(errors[0]?.extensions?.['code']) : String(errors);
  } finally {
    await client.dispose();
  }
}

const MEBIBYTE = 1024 * 1024;

/** A client that sends and never reads holds a bounded number of bytes. */
async function floods({ target, send, check }: TestContext): Promise<void> {
  const url = target.url.replace('http', 'ws') + target.endpoint.path;
  const codes = new Map<WebSocket, Promise<number | 'open'>>();
  const open = async () => {
    const socket = new WebSocket(url, 'graphql-transport-ws');
    socket.on('error', () => {});
    codes.set(
      socket,
      Promise.race([
        new Promise<number>((resolve) => socket.once('close', resolve)),
        sleep(10_000, 'open' as const, { ref: false }),
      ]),
    );
    await once(socket, 'open');
    return socket;
  };
  const silent = await open();
  const large = await open();
  large.send('x'.repeat(1_000_000));
  const early = await open();
  early.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } }));
  const unread = await open();
  (unread as unknown as { _socket: { pause(): void } })._socket.pause();
  const ping = JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(50_000) } });
  for (let sent = 0; sent < 400; sent++) unread.send(ping);
  check('a message of a megabyte ends the connection', (await codes.get(large)) === 1009);
  check('a subscription before the connection is accepted ends it', (await codes.get(early)) === 4401);
  check('a connection that says nothing is closed', (await codes.get(silent)) === 4408);
  const many = await open();
  many.send(JSON.stringify({ type: 'connection_init' }));
  await once(many, 'message');
  for (let id = 0; id < 5_000; id++)
    many.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: '{ __typename }' } }));
  const startedAt = performance.now();
  const reply = await send(graphqlRequest(target, '{ __typename }'));
  const ms = performance.now() - startedAt;
  check(
    'others are served beside a flood of messages',
    readJson(reply.text)?.data !== undefined && ms < 2_000,
    `${ms}`,
  );
  // Without a key, and without a word of what it is for.
  const pongs = await open();
  const before = residentBytes(target);
  const flooding = performance.now();
  let slowest = 0;
  while (performance.now() - flooding < 2_000 && pongs.readyState === WebSocket.OPEN) {
    for (let sent = 0; sent < 2_000; sent++) pongs.send('{"type":"pong"}');
    const asked = performance.now();
    await send(graphqlRequest(target, '{ __typename }'));
    slowest = Math.max(slowest, performance.now() - asked);
  }
  const grown = (residentBytes(target) - before) / MEBIBYTE;
  check('a flood of pongs takes at most 128 MiB', grown <= 128, `${Math.round(grown)} MiB`);
  check('others are served beside it', slowest < 1_000, `${Math.round(slowest)} ms`);
  for (const socket of [unread, many, pongs]) socket.terminate();
}
