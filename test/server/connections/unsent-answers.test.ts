import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { UnsentAnswers } from '../../../src/server/connections/unsent-answers.ts';
import {
  defaults,
  type UnsentAnswersOptions,
} from '../../../src/server/connections/unsent-answers-options.ts';
import { createHttpServer, limits } from '../../../src/server/http/http-server.ts';
import { listening } from '../../support/raw-http.ts';

const MEBIBYTE = 1024 * 1024;
/** More than the operating system takes for a client that reads nothing. */
const LARGE = 16 * MEBIBYTE;
const FAST = { sweepMs: 20, stalledMs: 100, timeoutMs: 400, patienceMs: 1_000 };

/** A server that sends `LARGE` bytes; `/authenticated` to a client that it knows. */
async function start(options: Partial<UnsentAnswersOptions>) {
  const unsentAnswers = new UnsentAnswers({ ...FAST, ...options });
  const responses: ServerResponse[] = [];
  const body = Buffer.alloc(LARGE);
  const server = createHttpServer(
    ({ url }, response) => {
      responses.push(response);
      if (url === '/authenticated') unsentAnswers.markAuthenticated(response);
      if (url !== '/silent') response.end(body);
    },
    limits,
    { unsentAnswers },
  );
  const open = await listening(server);
  return {
    unsentAnswers,
    responses,
    /** A client that asks and reads nothing until it is resumed. */
    async reader(path = '/'): Promise<Socket> {
      const before = responses.length;
      const socket = connect(open.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.pause();
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
      await vi.waitFor(() => expect(responses).toHaveLength(before + 1));
      return socket;
    },
    [Symbol.asyncDispose]: open[Symbol.asyncDispose],
  };
}

const isCut = (response: ServerResponse | undefined) => response?.req.socket.destroyed === true;
const whenCut = async (response: ServerResponse | undefined) => {
  const startedAt = performance.now();
  await vi.waitFor(() => expect(isCut(response)).toBe(true), { timeout: 5_000, interval: 10 });
  return performance.now() - startedAt;
};

it('cuts a client that reads nothing, and none that reads', async () => {
  await using server = await start({ unauthenticatedBound: 64 * MEBIBYTE });
  await server.reader();
  const reading = await server.reader();
  let bytes = 0;
  // A chunk every few milliseconds: the whole takes several time-outs.
  reading.on('data', async (chunk) => {
    bytes += chunk.length;
    reading.pause();
    await sleep(5);
    reading.resume();
  });
  reading.resume();
  const cutAfter = await whenCut(server.responses[0]);
  expect(cutAfter).toBeGreaterThan(FAST.timeoutMs / 2);
  await vi.waitFor(() => expect(bytes).toBeGreaterThan(LARGE), { timeout: 15_000 });
  expect(isCut(server.responses[1])).toBe(false);
});

it('cuts a client that takes less than the minimal rate', async () => {
  await using server = await start({ minBytes: 64 * MEBIBYTE });
  const slow = await server.reader();
  const reading = setInterval(() => slow.read(64 * 1024), 10);
  await whenCut(server.responses[0]);
  clearInterval(reading);
});

it('does not cut a client that waits for its answer, nor one between two requests', async () => {
  await using server = await start({});
  await server.reader('/silent');
  const idle = await server.reader();
  idle.resume();
  await once(server.responses[1] as ServerResponse, 'close');
  await sleep(2 * FAST.timeoutMs);
  expect(server.responses.map(isCut)).toEqual([false, false]);
});

it('sums up what clients have not taken yet', async () => {
  await using server = await start({ timeoutMs: 60_000 });
  expect(server.unsentAnswers.total).toBe(0);
  const sockets = [await server.reader(), await server.reader()];
  expect(server.unsentAnswers.total).toBeGreaterThan(LARGE);
  for (const socket of sockets) socket.resume();
  await vi.waitFor(() => expect(server.unsentAnswers.total).toBe(0), { timeout: 10_000 });
});

it('has room as long as there is some, counting what it has just granted', async () => {
  const unsentAnswers = new UnsentAnswers({ ...FAST, bound: 100, patienceMs: 60_000 });
  expect(await unsentAnswers.room(60)).toBe(true);
  let isGranted = false;
  const second = unsentAnswers.room(60).then((granted) => (isGranted = granted));
  await sleep(50);
  expect(isGranted).toBe(false);
  expect(await second).toBe(true);
  expect(await unsentAnswers.room(101)).toBe(false);
});

it('makes room by cutting the client that has been stalled longest, the unauthenticated ones first', async () => {
  const bound = 3.5 * LARGE;
  await using server = await start({
    bound,
    unauthenticatedBound: bound,
    timeoutMs: 60_000,
    patienceMs: 5_000,
  });
  await server.reader('/authenticated');
  await sleep(2 * FAST.stalledMs);
  await server.reader('/');
  await sleep(2 * FAST.stalledMs);
  await server.reader('/');
  await sleep(2 * FAST.stalledMs);
  expect(await server.unsentAnswers.room(LARGE)).toBe(true);
  expect(server.responses.map(isCut)).toEqual([false, true, false]);
  // What was granted and never written is no longer reserved.
  await sleep(300);
  expect(await server.unsentAnswers.room(2 * LARGE)).toBe(true);
  expect(server.responses.map(isCut)).toEqual([false, true, true]);
  expect(await server.unsentAnswers.room(bound)).toBe(true);
  expect(server.responses.map(isCut)).toEqual([true, true, true]);
});

it('cuts a stalled client that holds the room of a long answer as soon as another one waits for it', async () => {
  await using server = await start({
    bound: 1024 * MEBIBYTE,
    unauthenticatedBound: 1024 * MEBIBYTE,
    timeoutMs: 60_000,
  });
  const { long } = server.unsentAnswers;
  await server.reader('/authenticated');
  await server.reader('/authenticated');
  const [response] = server.responses;
  await long.enter(1024 * MEBIBYTE, { waitMs: 0, response });
  await sleep(4 * FAST.stalledMs);
  expect(isCut(response)).toBe(false);
  expect(await long.enter(1, { waitMs: 5_000 })).toBeDefined();
  expect(server.responses.map(isCut)).toEqual([true, false]);
});

it('gives up after a while, at once when the client leaves, and cuts nobody who reads', async () => {
  await using server = await start({ bound: LARGE, stalledMs: 60_000, timeoutMs: 60_000, patienceMs: 300 });
  await server.reader('/authenticated');
  const startedAt = performance.now();
  expect(await server.unsentAnswers.room(LARGE)).toBe(false);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(300);
  expect(await server.unsentAnswers.room(1, AbortSignal.abort())).toBe(false);
  const leaving = new AbortController();
  const asked = server.unsentAnswers.room(LARGE, leaving.signal);
  leaving.abort();
  expect(await asked).toBe(false);
  expect(server.responses.map(isCut)).toEqual([false]);
});

it('bounds what the unauthenticated hold together, without a large answer of anybody', async () => {
  await using server = await start({
    bound: 1024 * MEBIBYTE,
    unauthenticatedBound: LARGE,
    timeoutMs: 60_000,
  });
  await server.reader('/authenticated');
  for (let index = 0; index < 4; index++) await server.reader('/');
  await vi.waitFor(() => expect(server.unsentAnswers.total).toBeLessThanOrEqual(2 * LARGE), {
    timeout: 5_000,
  });
  expect(isCut(server.responses[0])).toBe(false);
});

it('keeps a client that reads nothing for less than 30 s by default', () => {
  expect(defaults.timeoutMs + 2 * defaults.sweepMs).toBeLessThan(30_000);
  expect(defaults.bound).toBe(64 * MEBIBYTE);
  expect(defaults.unauthenticatedBound).toBeLessThanOrEqual(64 * MEBIBYTE);
});
