import { once } from 'node:events';
import { connect as netConnect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { untilObserved } from '../../cli/serving.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { FOLLOW, follow, listen, type ReceivedEvent } from '../../support/subscriptions.ts';

let gateway: TestGateway;
let server: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  gateway = await startTestGateway({ directory: true, env: { CACHE: 'on' }, sandbox: { units: 20 } });
  await untilObserved(gateway.query);
  server = await listen(gateway, ['https://admin.example.com']);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

let names = 0;
/** Renames a unit, and lets the gateway see it. Returns its new name. */
async function rename(position = 0): Promise<string> {
  const msn = gateway.sandbox.data.msns[position] ?? '';
  const name = `Name ${++names}`;
  gateway.sandbox.editUnit(msn, { name });
  const headers = { 'cache-control': 'no-cache' };
  const { errors } = await gateway.query(
    `{ salesUnit(msn: "${msn}") { name configuration { captureType } } }`,
    undefined,
    { headers },
  );
  expect(errors).toBeUndefined();
  await gateway.directory?.flush();
  return name;
}
const nameOf = (event: ReceivedEvent | undefined) =>
  event?.data?.changes.change?.fields.find(({ name }) => name === 'name')?.after;

describe('a subscription over SSE', () => {
  it('begins with a cursor, then sends what changes, each with its cursor as id', async () => {
    const follower = await follow(server.url);
    expect(follower.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    const first = await follower.next();
    expect(first?.data?.changes).toMatchObject({ caughtUp: true, change: null });
    const name = await rename();
    const second = await follower.next();
    expect(nameOf(second)).toBe(name);
    expect(second?.data?.changes.caughtUp).toBe(true);
    expect([first?.id, second?.id]).toEqual([first?.data?.changes.cursor, second?.data?.changes.cursor]);
    follower.leave();
  });

  it('costs no call of its own', async () => {
    const before = Object.values(gateway.calls()).reduce((sum, count) => sum + count, 0);
    const followers = await Promise.all(Array.from({ length: 5 }, () => follow(server.url)));
    for (const follower of followers) await follower.next();
    const name = await rename();
    for (const follower of followers) expect(nameOf(await follower.next())).toBe(name);
    const calls = Object.values(gateway.calls()).reduce((sum, count) => sum + count, 0) - before;
    expect(calls).toBe(1);
    for (const follower of followers) follower.leave();
  });

  it('sends what was missed after a cursor, then what is new, and says where one becomes the other', async () => {
    const before = await follow(server.url);
    const after = (await before.next())?.data?.changes.cursor;
    before.leave();
    const missed = [await rename(), await rename(1), await rename()];
    const follower = await follow(server.url, { after });
    for (const name of missed) {
      const event = await follower.next();
      expect([nameOf(event), event?.data?.changes.caughtUp]).toEqual([name, false]);
    }
    expect((await follower.next())?.data?.changes).toMatchObject({ change: null, caughtUp: true });
    const name = await rename();
    expect(nameOf(await follower.next())).toBe(name);
    follower.leave();
  });

  it('goes on after Last-Event-ID, which browsers send instead of another `after`', async () => {
    const before = await follow(server.url);
    const first = (await before.next())?.data?.changes.cursor;
    await rename();
    const second = (await before.nextChange())?.data?.changes.cursor ?? '';
    before.leave();
    const name = await rename();
    const follower = await follow(server.url, { after: first }, { 'last-event-id': second });
    expect(nameOf(await follower.next())).toBe(name);
    follower.leave();
    const refused = await follow(server.url, {}, { 'last-event-id': 'nonsense' });
    expect(await refused.next()).toMatchObject({
      data: null,
      errors: [{ message: expect.stringContaining('Last-Event-ID'), extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(await refused.next()).toBeUndefined();
  });

  it('sends only what matches the filter', async () => {
    const [msn] = gateway.sandbox.data.msns;
    const follower = await follow(server.url, { filter: { msn: [msn], kind: ['SALES_UNIT_CHANGED'] } });
    await follower.next();
    await rename(1);
    const name = await rename(0);
    expect(nameOf(await follower.next())).toBe(name);
    follower.leave();
  });

  it('resolves the objects of a change as a query would, each with its own deadline and cache', async () => {
    const query = 'subscription { changes { change { salesUnit { name } } } }';
    const follower = await follow(server.url, {}, {}, query);
    await follower.next();
    for (let times = 0; times < 2; times++) {
      const name = await rename();
      expect(await follower.next()).toMatchObject({ data: { changes: { change: { salesUnit: { name } } } } });
    }
    follower.leave();
  });

  it('is refused without a client that can receive events, and says how it can', async () => {
    const { errors } = await gateway.query(FOLLOW);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('text/event-stream'),
      extensions: { code: 'BAD_REQUEST' },
    });
  });
});

describe('Apollo’s multipart', () => {
  it('sends each event as a part that is complete when it arrives', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept:
          'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/graphql-response+json,application/json;q=0.9',
      },
      body: JSON.stringify({ query: FOLLOW }),
    });
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
    );
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const parts = async (count: number) => {
      while (text.split('\r\n--graphql').length < count + 2) text += (await reader?.read())?.value ?? '';
      return text.split('\r\n--graphql')[count]?.split('\r\n\r\n');
    };
    expect(await parts(1)).toEqual([
      '\r\ncontent-type: application/json',
      expect.stringMatching(
        /^\{"payload":\{"data":\{"changes":\{"cursor":"[^"]+","caughtUp":true,"change":null\}\}\}\}$/,
      ),
    ]);
    const name = await rename();
    expect((await parts(2))?.[1]).toContain(name);
    await reader?.cancel();
  });
});

describe('graphql-ws', () => {
  const connect = (options: object = {}, webSocketImpl: unknown = WebSocket) =>
    createClient({ url: server.ws, webSocketImpl, retryAttempts: 0, ...options });

  it('sends events, several subscriptions at once, and ends the one that the client completes', async () => {
    const client = connect();
    const all = client.iterate<ReceivedEvent['data'] & Record<string, unknown>>({ query: FOLLOW });
    const one = client.iterate<ReceivedEvent['data'] & Record<string, unknown>>({
      query: FOLLOW,
      variables: { filter: { msn: [gateway.sandbox.data.msns[1]] } },
    });
    expect((await all.next()).value).toMatchObject({ data: { changes: { caughtUp: true, change: null } } });
    await one.next();
    const first = await rename(0);
    const second = await rename(1);
    expect(nameOf((await all.next()).value as ReceivedEvent)).toBe(first);
    expect(nameOf((await all.next()).value as ReceivedEvent)).toBe(second);
    expect(nameOf((await one.next()).value as ReceivedEvent)).toBe(second);
    const ended = gateway.logs.filter(({ msg }) => msg === 'subscription ended').length;
    await one.return?.();
    await expect
      .poll(() => gateway.logs.filter(({ msg }) => msg === 'subscription ended').length)
      .toBe(ended + 1);
    const third = await rename(1);
    expect(nameOf((await all.next()).value as ReceivedEvent)).toBe(third);
    await client.dispose();
    await expect
      .poll(() => gateway.logs.filter(({ msg }) => msg === 'subscription ended').length)
      .toBe(ended + 2);
  });

  it.each([
    ['a query', '{ viewer { tenant } }', 'BAD_REQUEST'],
    [
      'a mutation',
      'mutation { deleteProductOrder(input: { productOrderId: "x" }) { __typename } }',
      'BAD_REQUEST',
    ],
    ['a document that does not parse', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two root fields',
      'subscription { changes { cursor } other: changes { cursor } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a bad cursor', 'subscription { changes(after: "x") { cursor } }', 'BAD_USER_INPUT'],
  ])('refuses %s', async (_what, query) => {
    const client = connect();
    const before = gateway.calls();
    await expect(client.iterate({ query }).next()).rejects.toMatchObject([
      { extensions: { code: expect.stringMatching(/^BAD_/), requestId: expect.any(String) } },
    ]);
    expect(gateway.calls()).toEqual(before);
    await client.dispose();
  });

  it('is closed without a subscription, also after its last one', async () => {
    const closed: string[] = [];
    const used = connect({
      lazyCloseTimeout: 60_000,
      on: { closed: (event: unknown) => closed.push((event as CloseEvent).reason) },
    });
    const events = used.iterate({ query: FOLLOW });
    await events.next();
    const idle = new WebSocket(server.ws, 'graphql-transport-ws');
    idle.once('open', () => idle.send(JSON.stringify({ type: 'connection_init' })));
    const [code, reason] = await once(idle, 'close');
    expect([code, String(reason), closed]).toEqual([1000, 'No subscription is open', []]);
    await events.return?.();
    await expect.poll(() => closed, { timeout: 5_000 }).toEqual(['No subscription is open']);
  });

  /** A connection that has been accepted, without the library of clients. */
  const raw = async () => {
    const socket = new WebSocket(server.ws, 'graphql-transport-ws');
    socket.on('error', () => {});
    const messages: { id?: string; type: string }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await expect.poll(() => messages.length).toBe(1);
    const subscribe = (id: string, payload: object = { query: FOLLOW }) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
    return { socket, messages, subscribe };
  };
  /** Subscriptions over WebSockets that have been opened, without those that have ended. */
  const left = () => {
    const ended = new Set(
      gateway.logs.filter(({ msg }) => msg === 'subscription ended').map(({ requestId }) => requestId),
    );
    return gateway.logs.filter(({ status, requestId }) => status === 204 && !ended.has(requestId)).length;
  };

  it('sends a long history at once to a client that reads it', { timeout: 30_000 }, async () => {
    const before = await follow(server.url);
    const after = (await before.next())?.data?.changes.cursor;
    before.leave();
    for (let index = 0; index < 110; index++) await rename(index % 20);
    const fields = Array.from(
      { length: 14 },
      (_, index) => `${'long'.repeat(30)}${index}: fields { before after }`,
    );
    const query = `subscription ($after: String) { changes(after: $after) { caughtUp change { kind ${fields.join(' ')} } } }`;
    const { socket, messages, subscribe } = await raw();
    subscribe('1', { query, variables: { after } });
    const events = () => messages.filter(({ type }) => type === 'next').length;
    await expect.poll(events, { timeout: 10_000 }).toBeGreaterThan(110);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
  });

  it('takes an id once while it is being opened, and leaves none behind', async () => {
    const { socket, subscribe } = await raw();
    for (let times = 0; times < 20; times++) {
      subscribe('a');
      socket.send(JSON.stringify({ id: 'a', type: 'complete' }));
    }
    await once(socket, 'close');
    await expect.poll(left).toBe(0);
  });

  it('leaves none behind when the client is gone before its messages are read', async () => {
    const { socket, subscribe } = await raw();
    for (let id = 0; id < 30; id++) subscribe(String(id));
    socket.terminate();
    await sleep(500);
    await expect.poll(left).toBe(0);
  });

  const upgrade = (
    headers: Record<string, string>,
    path = '',
    protocol: string | undefined = 'graphql-transport-ws',
  ) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`${server.ws}${path}`, protocol, { headers });
      socket.once('unexpected-response', (_request, { statusCode }) => {
        resolve(statusCode ?? 0);
        socket.on('error', () => {});
        socket.terminate();
      });
      socket.once('open', () => {
        resolve(101);
        socket.terminate();
      });
    });

  it('is refused to pages of other sites, on other paths, and with other protocols', async () => {
    expect(await upgrade({})).toBe(101);
    expect(await upgrade({ origin: server.url.replace('/graphql', '') })).toBe(101);
    expect(await upgrade({ origin: 'https://admin.example.com' })).toBe(101);
    expect(await upgrade({ origin: 'https://evil.example' })).toBe(403);
    expect(await upgrade({ origin: 'null' })).toBe(403);
    expect(await upgrade({}, '/other')).toBe(404);
    expect(await upgrade({}, '', 'graphql-ws')).toBe(400);
  });

  it('is refused in JSON when its handshake is not valid', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = netConnect(Number(port), hostname);
    socket.write(
      'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-protocol: graphql-transport-ws\r\nsec-websocket-version: 13\r\nsec-websocket-key: short\r\n\r\n',
    );
    const [answer] = await once(socket, 'data');
    const [head, body = ''] = String(answer).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(body).errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('closes connections that send what is no message, or too much of it', async () => {
    const send = (message: string) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(server.ws, 'graphql-transport-ws');
        socket.once('open', () => socket.send(message));
        socket.once('close', resolve);
      });
    expect(await send('nonsense')).toBe(4400);
    expect(await send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: FOLLOW } }))).toBe(4401);
    expect(await send('x'.repeat(70_000))).toBe(1009);
  });
});
