import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createHttpServer, limits } from '../../../src/server/http/http-server.ts';

const OPEN = 'POST / HTTP/1.1\r\nhost: x\r\n';
const SOON = { ...limits, headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 };

/** Sends `start`, then a byte every 20 ms for as long as it is let; gives what came back. */
async function drip(port: number, start: string, byte: string): Promise<string> {
  let text = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(start));
  const dripping = setInterval(() => socket.write(byte), 20);
  socket.on('data', (chunk) => (text += chunk));
  socket.on('error', () => {});
  await once(socket, 'close');
  clearInterval(dripping);
  return text;
}

describe('a connection', () => {
  it('that sends its headers or its body byte by byte is disconnected, and learns why', async () => {
    const server = createHttpServer((request) => void request.resume(), SOON).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const answers = await Promise.all([
        drip(port, OPEN, 'x'),
        drip(port, `${OPEN}content-length: 100000\r\n\r\n`, 'x'),
        drip(port, `${OPEN}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n'),
        drip(port, '', ''),
      ]);
      for (const answer of answers) {
        expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
        expect(answer).toMatch(/x-content-type-options: nosniff/);
        expect(answer).toContain('"code":"BAD_REQUEST"');
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is held for 15 s at most by what is not sent', () => {
    const { headersTimeout, requestTimeout, connectionsCheckingInterval } = limits;
    expect(headersTimeout).toBeLessThan(requestTimeout);
    expect(requestTimeout + connectionsCheckingInterval).toBeLessThanOrEqual(15_000);
    const server = createHttpServer(() => {});
    expect(server).toMatchObject({ headersTimeout, requestTimeout, maxConnections: 10_000 });
  });

  it('has room for a token of 4 KB', async () => {
    const server = createHttpServer((_request, response) => void response.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${'x'.repeat(4096)}` } });
      expect(answer.status).toBe(200);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
