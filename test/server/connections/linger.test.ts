import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpServer } from '../../../src/server/http/http-server.ts';
import { startTestGateway, type TestGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listen.ts';

const MEBIBYTE = 1024 * 1024;
const CHUNK = Buffer.alloc(MEBIBYTE / 4, ' ');

let gateway: TestGateway;
let listening: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  gateway = await startTestGateway();
  listening = await listen(gateway);
});
afterAll(async () => {
  await listening[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

/** Announces a body of `length` bytes, and only begins to send it once the answer has come. */
async function sendBehindTheAnswer(port: number, length: number, pauseMs = 1) {
  // The gateway says first that it will send no more.
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  let error: Error | undefined;
  socket.on('data', (chunk) => (text += chunk)).on('error', (failed) => (error = failed));
  const closed = once(socket, 'close').catch(() => {});
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`,
  );
  await once(socket, 'data');
  let sent = 0;
  for (; sent < length && !error && !socket.destroyed; sent += CHUNK.length) {
    await new Promise((written) => socket.write(CHUNK, written));
    await sleep(pauseMs);
  }
  socket.end();
  await closed;
  return { text, error, sent };
}

it('reads the rest of a refused body, so that its client sees the refusal and no failed write', async () => {
  const port = Number(new URL(listening.url).port);
  const { text, error, sent } = await sendBehindTheAnswer(port, 12 * MEBIBYTE);
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(error).toBeUndefined();
  expect(sent).toBe(12 * MEBIBYTE);
});

it('reads no more than 16 MiB of it, and no longer than a second', async () => {
  const port = Number(new URL(listening.url).port);
  const long = await sendBehindTheAnswer(port, 500 * MEBIBYTE, 0);
  expect(long.sent).toBeLessThan(40 * MEBIBYTE);
  const startedAt = performance.now();
  const slow = await sendBehindTheAnswer(port, 12 * MEBIBYTE, 200);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  expect(slow.sent).toBeLessThan(12 * MEBIBYTE);
});

it('closes at once when the whole request has come', async () => {
  const server = createHttpServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, { connection: 'close' }).end('ok'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const startedAt = performance.now();
  socket.end('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx');
  socket.resume();
  await once(socket, 'close');
  expect(performance.now() - startedAt).toBeLessThan(500);
  server.close();
});
