import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { createHttpServer } from '../../../src/server/http/http-server.ts';
import { UnverifiedBodies } from '../../../src/server/http/unverified-bodies.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { listening } from '../../support/raw-http.ts';
import { startVisitedGateway } from '../../support/visitors.ts';

const LENGTH = 1_000_000;
const FITTING = Math.floor((32 * 1024 * 1024) / LENGTH);
const MORE = 3;

const headers = [
  'POST /graphql HTTP/1.1',
  'host: 127.0.0.1',
  'content-type: application/json',
  'vipps-client-id: made-up',
  'vipps-client-secret: made-up',
  'ocp-apim-subscription-key: made-up',
];

/** Opens connections that declare a long body and send a part of it. */
function sendHalves(port: number, count: number, length = LENGTH) {
  return Array.from({ length: count }, () => {
    const half = { text: '', socket: connect(port, '127.0.0.1') };
    half.socket.on('data', (chunk) => (half.text += chunk)).on('error', () => {});
    half.socket.write(`${[...headers, `content-length: ${length}`].join('\r\n')}\r\n\r\n{`);
    return half;
  });
}

it('The bodies of unverified callers are bounded together, and room comes back when they leave', async () => {
  await using visited = await startVisitedGateway();
  await using server = await listening(createHttpServer(visited.gateway));
  const halves = sendHalves(server.port, FITTING + MORE);
  const refused = () => halves.filter(({ text }) => text !== '');
  await vi.waitFor(() => expect(refused()).toHaveLength(MORE), { timeout: 5_000 });
  for (const { text } of refused()) {
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text).toContain('"code":"OVERLOADED"');
    expect(text.toLowerCase()).toMatch(/\r\nretry-after: 2\r\n/);
    expect(text.toLowerCase()).toMatch(/\r\nconnection: close\r\n/);
  }
  for (const { socket } of halves) socket.destroy();
  await sleep(100);
  const later = sendHalves(server.port, FITTING);
  await sleep(500);
  expect(later.filter(({ text }) => text !== '')).toEqual([]);
  for (const { socket } of later) socket.destroy();
});

it('Those of verified callers are not', async () => {
  await using test = await startTestGateway();
  await using server = await listening(createHttpServer(test.gateway));
  const halves = sendHalves(server.port, FITTING + MORE);
  await sleep(500);
  expect(halves.filter(({ text }) => text !== '')).toEqual([]);
  for (const { socket } of halves) socket.destroy();
});

it('A share gives back what it took, once', () => {
  const bodies = new UnverifiedBodies(100);
  const share = bodies.share();
  share.take(60);
  expect(() => bodies.share().take(41)).toThrow();
  share.take(40);
  share.release();
  share.release();
  expect(bodies.held).toBe(0);
});
