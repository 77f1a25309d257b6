import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noAddresses, parseAddressRanges } from '../../src/config/network/address-ranges.ts';
import { isPublicAddress } from '../../src/config/network/public-address.ts';
import { createPoster } from '../../src/notifications/post.ts';

let port: number;
const seen: string[] = [];
let answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end();
const server = createServer((request: IncomingMessage, response) => {
  seen.push(`${request.method} ${request.url}`);
  answer(response);
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const local = () => parseAddressRanges('127.0.0.0/8') ?? noAddresses;

describe('an address', () => {
  it.each(['1.1.1.1', '185.199.108.153', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:1.1.1.1'])(
    'is public: %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '',
    'localhost',
  ])('is not public: %s', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('a notification', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://127.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::1]:PORT/',
    'http://0.0.0.0:PORT/',
    'http://169.254.169.254/latest/meta-data/',
  ])('is not sent to %s', async (url) => {
    const poster = createPoster(noAddresses);
    seen.length = 0;
    const { failure } = await poster.post(url.replace('PORT', String(port)), {}, '{}');
    expect(failure).toBe('its address is not public');
    expect(seen).toEqual([]);
    await poster.close();
  });

  it('is sent to a private address that is allowed, by number or by name', async () => {
    const poster = createPoster(local());
    answer = (response) => response.writeHead(204).end();
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await poster.post(`http://${host}:${port}/x`, {}, '{}')).toEqual({ failure: undefined });
    await poster.close();
  });

  it.each([
    [200, {}, undefined, undefined],
    [299, {}, undefined, undefined],
    [302, { location: 'http://127.0.0.1/other' }, 'it answered 302', undefined],
    [307, { location: '/other' }, 'it answered 307', undefined],
    [410, {}, 'it answered 410', undefined],
    [503, { 'retry-after': '7' }, 'it answered 503', 7_000],
    [429, { 'retry-after': 'soon' }, 'it answered 429', undefined],
  ])('that is answered with %i is no more than that', async (status, headers, failure, retryAfterMs) => {
    const poster = createPoster(local());
    seen.length = 0;
    answer = (response) => response.writeHead(status, headers).end('x'.repeat(1_000));
    const attempt = await poster.post(`http://127.0.0.1:${port}/x`, {}, '{}');
    expect(attempt).toEqual({ failure, ...(retryAfterMs && { retryAfterMs }) });
    expect(seen).toEqual(['POST /x']);
    await poster.close();
  });

  it('that is answered without an end is accepted or given up, and holds nothing', {
    timeout: 30_000,
  }, async () => {
    const poster = createPoster(local());
    answer = (response) => {
      response.writeHead(200);
      const writing = setInterval(() => response.write('x'.repeat(100_000)), 10);
      response.on('close', () => clearInterval(writing));
    };
    expect((await poster.post(`http://127.0.0.1:${port}/x`, {}, '{}')).failure).toBeUndefined();
    answer = () => {};
    const startedAt = performance.now();
    expect((await poster.post(`http://127.0.0.1:${port}/x`, {}, '{}')).failure).toBe(
      'it did not answer within 10 s',
    );
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    await poster.close();
  });

  it('to nobody says why', async () => {
    const poster = createPoster(local());
    expect((await poster.post('http://127.0.0.1:9/', {}, '{}')).failure).toBe('ECONNREFUSED');
    await poster.close();
  });
});
