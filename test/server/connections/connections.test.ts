import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { noAddresses, parseAddressRanges } from '../../../src/config/network/address-ranges.ts';
import { Connections, type ConnectionsOptions } from '../../../src/server/connections/connections.ts';
import { beginStreaming } from '../../../src/server/connections/streaming.ts';
import { createHttpServer, limits } from '../../../src/server/http/http-server.ts';
import { listening, readRaw } from '../../support/raw-http.ts';

/** A server that answers `/` at once, `/wait` when told to, and `/large` with 20 MB. */
async function start(options: ConnectionsOptions) {
  const waiting: ServerResponse[] = [];
  const server = createHttpServer(
    ({ url }, response) => {
      if (url === '/wait') waiting.push(response);
      else response.end(url === '/large' ? Buffer.alloc(20_000_000) : 'ok');
    },
    limits,
    { connections: new Connections(options) },
  );
  const open = await listening(server);
  const sockets: Socket[] = [];
  return {
    server,
    waiting,
    async open(localAddress = '127.0.0.1'): Promise<Socket> {
      const socket = connect({ port: open.port, host: '127.0.0.1', localAddress });
      socket.on('error', () => {});
      await once(socket, 'connect');
      sockets.push(socket);
      return socket;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await open[Symbol.asyncDispose]();
    },
  };
}

async function ask(socket: Socket, path = '/'): Promise<number> {
  const answer = once(socket, 'data');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  return readRaw(String((await answer)[0])).status;
}

const isOpen = (socket: Socket) => !socket.closed && !socket.destroyed;
const wait = (server: Awaited<ReturnType<typeof start>>, socket: Socket) => {
  const before = server.waiting.length;
  socket.write('GET /wait HTTP/1.1\r\nhost: x\r\n\r\n');
  return vi.waitFor(() => expect(server.waiting).toHaveLength(before + 1));
};

it('closes the longest idle connection of an address for its next one, and none of another', async () => {
  await using server = await start({ maxPerNetwork: 3 });
  const other = await server.open('127.0.0.2');
  const [first, second, third] = [await server.open(), await server.open(), await server.open()];
  // Used, so that it is no longer the one that has been idle for the longest.
  expect(await ask(first)).toBe(200);
  const fourth = await server.open();
  await once(second, 'close');
  expect(await ask(fourth)).toBe(200);
  expect([first, third, fourth, other].map(isOpen)).toEqual([true, true, true, true]);
});

it('refuses a connection in the form of every error when those of its address are all busy', async () => {
  await using server = await start({ maxPerNetwork: 2 });
  const busy = [await server.open(), await server.open()];
  for (const socket of busy) await wait(server, socket);
  const refused = await server.open();
  const { status, head, body } = readRaw(String((await once(refused, 'data'))[0]));
  expect(status).toBe(429);
  expect(head).toMatch(/retry-after: 1\r\n/);
  expect(head).toMatch(/x-content-type-options: nosniff/);
  expect(JSON.parse(body)).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 1_000 } }],
  });
  expect(await ask(await server.open('127.0.0.2'))).toBe(200);
  for (const response of server.waiting) response.end();
  await vi.waitFor(async () => expect(await ask(await server.open())).toBe(200));
});

it('counts an answer on its way as busy, and a connection as idle only after all its pipelined requests', async () => {
  await using server = await start({ maxPerNetwork: 1 });
  const socket = await server.open();
  socket.write('GET /wait HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(2));
  await vi.waitFor(() => expect(server.waiting).toHaveLength(1));
  server.waiting[0]?.end();
  await vi.waitFor(() => expect(server.waiting).toHaveLength(2));
  expect(readRaw(String((await once(await server.open(), 'data'))[0])).status).toBe(429);
  server.waiting[1]?.end();
  await once(socket, 'data');
  await server.open();
  await once(socket, 'close');
});

it('does not bound the connections of a trusted proxy', async () => {
  await using server = await start({
    maxPerNetwork: 1,
    trustedProxies: parseAddressRanges('127.0.0.2') ?? noAddresses,
  });
  const proxy = [
    await server.open('127.0.0.2'),
    await server.open('127.0.0.2'),
    await server.open('127.0.0.2'),
  ];
  for (const socket of proxy) await wait(server, socket);
  expect(proxy.map(isOpen)).toEqual([true, true, true]);
  const client = await server.open();
  await server.open();
  await once(client, 'close');
});

it('lets an idle connection of the largest network make way when the process has too many', async () => {
  await using server = await start({ maxPerNetwork: 100, crowded: 4 });
  const crowd = [await server.open(), await server.open(), await server.open()];
  const lone = await server.open('127.0.0.2');
  const late = await server.open('127.0.0.3');
  await once(crowd[0] as Socket, 'close');
  expect(await ask(late)).toBe(200);
  expect(isOpen(lone)).toBe(true);
  expect(crowd.filter(isOpen)).toHaveLength(2);
});

it('closes no connection whose answer is still on its way, and no other that is in use, when it closes idle ones', async () => {
  await using server = await start({});
  const [idle, reading, arriving] = [await server.open(), await server.open(), await server.open()];
  expect(await ask(idle)).toBe(200);
  expect(await ask(arriving)).toBe(200);
  arriving.write('GET / HTT');
  let bytes = 0;
  reading.pause();
  reading.write('GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  server.server.close();
  await once(idle, 'close');
  reading.on('data', (chunk) => (bytes += chunk.length)).resume();
  await once(reading, 'close');
  expect(bytes).toBeGreaterThan(20_000_000);
  const answer = once(arriving, 'data');
  arriving.write('P/1.1\r\nhost: x\r\n\r\n');
  expect(readRaw(String((await answer)[0])).status).toBe(200);
});

it('counts no connection that carries subscriptions, and every one that carries none any more', async () => {
  await using server = await start({ maxPerNetwork: 2 });
  const [streaming, another] = [await server.open(), await server.open()];
  await wait(server, streaming);
  await wait(server, another);
  const [response] = server.waiting;
  const refused = await server.open();
  expect(readRaw(String((await once(refused, 'data'))[0])).status).toBe(429);
  if (response) beginStreaming(response);
  expect(await ask(await server.open())).toBe(200);

  const connections = new Connections({ maxPerNetwork: 1 });
  const sockets = Array.from({ length: 3 }, () => new Socket());
  const [first, second, third] = sockets as [Socket, Socket, Socket];
  expect(connections.accept(first)).toBe(true);
  for (let times = 0; times < 20; times++) {
    connections.carry(first, true);
    connections.carry(first, false);
  }
  expect(first.listenerCount('close')).toBe(1);
  connections.carry(first, true);
  expect(connections.accept(second)).toBe(true);
  // Idle again, it takes the place of the one that has been idle for longer.
  connections.carry(first, false);
  expect([first.destroyed, second.destroyed]).toEqual([false, true]);
  expect(connections.accept(third)).toBe(true);
  expect(first.destroyed).toBe(true);
});
