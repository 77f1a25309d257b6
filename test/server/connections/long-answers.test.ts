import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LongAnswers } from '../../../src/server/connections/long-answers.ts';
import { createHttpServer, limits } from '../../../src/server/http/http-server.ts';
import { listening, sendRaw } from '../../support/raw-http.ts';

const SOON = { waitMs: 50 };
const LATER = { waitMs: 10_000 };

describe('the room of long answers', () => {
  it('counts each three times, and is granted in order', async () => {
    const room = new LongAnswers(100);
    const release = await room.enter(30, LATER);
    expect(room.held).toBe(90);
    const order: string[] = [];
    const large = room.enter(20, LATER).then(() => order.push('large'));
    const small = room.enter(1, LATER).then(() => order.push('small'));
    await sleep(20);
    expect(order).toEqual([]);
    release?.();
    release?.();
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
    expect(room.held).toBe(63);
  });

  it('is waited for until the deadline, or until the client leaves', async () => {
    const room = new LongAnswers(100);
    await room.enter(100, LATER);
    const leaving = new AbortController();
    const left = room.enter(1, { ...LATER, signal: leaving.signal });
    leaving.abort();
    expect(await left).toBeUndefined();
    expect(await room.enter(1, SOON)).toBeUndefined();
    expect(room.held).toBe(100);
  });

  it('is given back when the response has been sent, not before', async () => {
    const room = new LongAnswers(100);
    const server = createHttpServer(async (_request, response) => {
      await room.enter(30, { ...LATER, response });
      response.end('sent');
      expect(room.held).toBe(90);
    }, limits);
    await using open = await listening(server);
    expect(open.port).toBeGreaterThan(0);
    await sendRaw(server, 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(room.held).toBe(0);
  });

  it('is given back when the client leaves before its response, also behind another one', async () => {
    const room = new LongAnswers(100);
    const server = createHttpServer(async (request, response) => {
      await room.enter(10, { ...LATER, response });
      request.socket.destroy();
    }, limits);
    await using open = await listening(server);
    expect(open.port).toBeGreaterThan(0);
    await sendRaw(server, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(2));
    expect(room.held).toBe(0);
  });
});
