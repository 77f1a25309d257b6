import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect, it, vi } from 'vitest';
import { UnsentAnswers } from '../../../src/server/connections/unsent-answers.ts';
import { createHttpServer, limits } from '../../../src/server/http/http-server.ts';
import { listening, sendRaw } from '../../support/raw-http.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

it('answers one after another what a client sends ahead, each in a turn of its own', async () => {
  let underWay = 0;
  let most = 0;
  const server = createHttpServer(({ url }, response) => {
    underWay++;
    most = Math.max(most, underWay);
    setImmediate(() => {
      underWay--;
      if (url === '/9') response.setHeader('connection', 'close');
      response.end(url);
    });
  });
  await using _open = await listening(server);
  const text = await sendRaw(server, Array.from({ length: 10 }, (_, index) => get(`/${index}`)).join(''));
  expect([...text.matchAll(/^\/(\d)/gm)].map(([, index]) => Number(index))).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
  expect(most).toBe(1);
});

it('closes a connection over which hundreds are sent ahead, and counts none of them afterwards', async () => {
  const unsentAnswers = new UnsentAnswers();
  const track = vi.spyOn(unsentAnswers, 'track');
  const responses: ServerResponse[] = [];
  const server = createHttpServer((_request, response) => void responses.push(response), limits, {
    unsentAnswers,
  });
  await using _open = await listening(server);
  await sendRaw(server, get('/').repeat(300));
  expect(responses).toHaveLength(1);
  expect(track.mock.calls.length).toBeGreaterThan(60);
  expect(unsentAnswers.total).toBe(0);
  await vi.waitFor(() => expect(unsentAnswers.watched).toBe(0));
});

it('drops what was sent ahead when the client leaves', async () => {
  const responses: ServerResponse[] = [];
  const unsentAnswers = new UnsentAnswers();
  const server = createHttpServer((_request, response) => void responses.push(response), limits, {
    unsentAnswers,
  });
  await using open = await listening(server);
  const socket = connect(open.port, '127.0.0.1', () => socket.write(get('/').repeat(5)));
  await vi.waitFor(() => expect(unsentAnswers.watched).toBe(5));
  socket.destroy();
  await vi.waitFor(() => expect(unsentAnswers.watched).toBe(0));
  expect(responses).toHaveLength(1);
});
