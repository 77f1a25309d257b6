import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { UnsentAnswers } from '../../../src/server/connections/unsent-answers.ts';
import { createGraphiqlPage } from '../../../src/server/graphiql/page.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listen.ts';

const MEBIBYTE = 1024 * 1024;
const url = 'http://127.0.0.1/graphql';
const html = { accept: 'text/html' };
const zipped = { ...html, 'accept-encoding': 'gzip, br' };

it('is made once, and unpacked once', async () => {
  const readPage = createGraphiqlPage();
  const [first, second] = await Promise.all([readPage(), readPage()]);
  expect(first.gzipped).toBe(second.gzipped);
  expect(await first.plain()).toBe(await second.plain());
  expect(first.gzipped.length).toBeLessThan((await first.plain()).length / 3);
});

it('is sent once to a browser, which then only asks whether it has changed', async () => {
  await using gateway = await startTestGateway();
  const page = await gateway.gateway.fetch(url, { headers: zipped });
  const tag = page.headers.get('etag') ?? '';
  expect(tag).toMatch(/^"[\w-]+-gzip"$/);
  expect(page.headers.get('cache-control')).toBe('private, no-cache');
  for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
    const again = await gateway.gateway.fetch(url, { headers: { ...zipped, 'if-none-match': known } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('etag')).toBe(tag);
    expect(again.headers.get('content-security-policy')).toBe(page.headers.get('content-security-policy'));
  }
  for (const other of ['"x"', tag.replace('-gzip', ''), tag.slice(1, -1)]) {
    const changed = await gateway.gateway.fetch(url, { headers: { ...zipped, 'if-none-match': other } });
    expect(changed.status).toBe(200);
    await changed.body?.cancel();
  }
});

it.each([
  ['gzip', 'gzip'],
  ['br, GZIP;q=0.5', 'gzip'],
  ['*', 'gzip'],
  ['br', null],
  ['gzip;q=0', null],
  ['gzip; q=0.000', null],
  ['notgzip', null],
])('is encoded as Accept-Encoding says: %s', async (accepted, expected) => {
  await using gateway = await startTestGateway();
  const { headers, body } = await gateway.gateway.fetch(url, {
    headers: { ...html, 'accept-encoding': accepted },
  });
  await body?.cancel();
  expect(headers.get('content-encoding')).toBe(expected);
  expect(headers.get('vary')).toBe('Accept, Accept-Encoding');
  expect(Number(headers.get('content-length'))).toBeGreaterThan(MEBIBYTE);
});

it('is on its way as often as fits, and refused beyond, however many ask and do not read', async () => {
  const unsentAnswers = new UnsentAnswers({
    unauthenticatedBound: 20 * MEBIBYTE,
    stalledMs: 60_000,
    patienceMs: 100,
    sweepMs: 20,
  });
  await using gateway = await startTestGateway({ gateway: { unsentAnswers } });
  await using listening = await listen(gateway, { unsentAnswers });
  const { port } = new URL(listening.url);
  const sockets = Array.from({ length: 12 }, () => connect(Number(port), '127.0.0.1').pause());
  const statuses = await Promise.all(
    sockets.map(async (socket) => {
      socket.write('GET /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/html\r\n\r\n');
      await once(socket, 'readable');
      return socket.read(12)?.toString('latin1');
    }),
  );
  expect(new Set(statuses)).toEqual(new Set(['HTTP/1.1 200', 'HTTP/1.1 503']));
  expect(unsentAnswers.total).toBeLessThanOrEqual(20 * MEBIBYTE);
  const refused = await fetch(listening.url, { headers: { accept: 'text/html', 'accept-encoding': 'x' } });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: 'OVERLOADED', retryAfterMs: 2_000 } }],
  });
  const answered = await gateway.query('{ __typename }');
  expect(answered.data).toEqual({ __typename: 'Query' });
  for (const socket of sockets) socket.destroy();
});
