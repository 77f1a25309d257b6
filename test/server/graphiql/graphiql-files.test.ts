import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { UnsentAnswers } from '../../../src/server/connections/unsent-answers.ts';
import { errorCodes } from '../../../src/server/errors/codes.ts';
import { builtFolder } from '../../../src/server/graphiql/built-files.ts';
import { readSharedBytes } from '../../../src/server/graphiql/shared-bytes.ts';
import { startTestGateway } from '../../support/gateway.ts';
import { listen } from '../../support/listen.ts';

const MEBIBYTE = 1024 * 1024;
const origin = 'http://127.0.0.1';
const assets = readdirSync(builtFolder).filter((name) => /\.(js|css|ttf)$/.test(name));
const largest = assets.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0] ?? '';

function lengthOf(name: string): number {
  return statSync(new URL(name, builtFolder)).size;
}

it.each([
  ['br', brotliDecompressSync],
  ['gzip', gunzipSync],
  ['identity', (bytes: Buffer) => bytes],
] as const)('are sent as %s, and kept by the browser for good', async (encoding, decode) => {
  await using gateway = await startTestGateway();
  expect(assets.length).toBeGreaterThan(5);
  for (const name of assets) {
    const response = await gateway.gateway.fetch(`${origin}/graphiql/${name}`, {
      headers: { 'accept-encoding': encoding },
    });
    const { status, headers } = response;
    const type = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', ttf: 'font/ttf' };
    expect([name, status, headers.get('content-type')]).toEqual([
      name,
      200,
      type[name.split('.').at(-1) as keyof typeof type],
    ]);
    expect(headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('vary')).toBe('Accept-Encoding');
    const body = Buffer.from(await response.arrayBuffer());
    expect(headers.get('content-length')).toBe(String(body.length));
    expect(decode(body).equals(readFileSync(new URL(name, builtFolder)))).toBe(true);
  }
});

it.each([
  '/graphiql',
  '/graphiql/',
  '/graphiql/index.html',
  '/graphiql/LICENCES.txt',
  '/graphiql/index.AAAAAAAA.js',
  `/graphiql/${largest}.br`,
  `/graphiql/x/${largest}`,
  '/graphiql/..%2f..%2fpackage.json',
  '/graphiql/%2e%2e/vite.config.ts',
  '/graphiql/docs',
  '/graphiql/docs/error-codes/',
  '/graphiql/docs/other',
])('leave %s to the refusal of unknown paths', async (path) => {
  await using gateway = await startTestGateway();
  const response = await gateway.gateway.fetch(origin + path, { headers: { accept: 'text/html' } });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

it('answer GET only', async () => {
  await using gateway = await startTestGateway();
  for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) {
    const headers = { 'content-type': 'application/json' };
    const response = await gateway.gateway.fetch(`${origin}/graphiql/${largest}`, { method, headers });
    expect([method, response.status]).toEqual([method, 404]);
  }
});

it('are not there without GraphiQL', async () => {
  await using gateway = await startTestGateway({ gateway: { graphiql: false } });
  for (const path of [`/graphiql/${largest}`, '/graphiql/docs/error-codes']) {
    const response = await gateway.gateway.fetch(origin + path, { headers: { accept: 'text/html' } });
    expect([path, response.status]).toEqual([path, 404]);
  }
});

it('are on their way as often as fits, and refused beyond, however many ask and do not read', async () => {
  const unsentAnswers = new UnsentAnswers({
    unauthenticatedBound: 10 * MEBIBYTE,
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
      socket.write(`GET /graphiql/${largest} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
      await once(socket, 'readable');
      return socket.read(12)?.toString('latin1');
    }),
  );
  expect(new Set(statuses)).toEqual(new Set(['HTTP/1.1 200', 'HTTP/1.1 503']));
  expect(unsentAnswers.total).toBeLessThanOrEqual(10 * MEBIBYTE);
  const answered = await gateway.query('{ __typename }');
  expect(answered.data).toEqual({ __typename: 'Query' });
  for (const socket of sockets) socket.destroy();
});

it('are refused with the moment for the next attempt', async () => {
  const unsentAnswers = new UnsentAnswers({ unauthenticatedBound: MEBIBYTE });
  await using gateway = await startTestGateway({ gateway: { unsentAnswers } });
  await using listening = await listen(gateway, { unsentAnswers });
  const url = new URL(`/graphiql/${largest}`, listening.url);
  const refused = await fetch(url, { headers: { 'accept-encoding': 'x' } });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: 'OVERLOADED', retryAfterMs: 2_000 } }],
  });
  expect((await fetch(url, { headers: { 'accept-encoding': 'br' } })).status).toBe(200);
});

it('share their bytes while they are on their way', async () => {
  const file = new URL(largest, builtFolder);
  const [first, second] = await Promise.all([readSharedBytes(file), readSharedBytes(file)]);
  expect(second).toBe(first);
  expect(await readSharedBytes(file)).toBe(first);
  await expect(readSharedBytes(new URL('none.js', builtFolder))).rejects.toThrow('ENOENT');
});

it('come with the licences of what is in them', () => {
  const licences = readFileSync(new URL('LICENCES.txt', builtFolder), 'utf8');
  for (const name of [
    'graphiql',
    'react',
    'react-dom',
    'monaco-editor',
    'monaco-graphql',
    'graphql',
    'prettier',
  ])
    expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, licence: MIT$`, 'm'));
});

it('explain each code that a client can receive, without a script', async () => {
  await using gateway = await startTestGateway();
  const response = await gateway.gateway.fetch(`${origin}/graphiql/docs/error-codes`, {
    headers: { accept: 'text/html' },
  });
  expect(response.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^;]*; img/,
  );
  const text = await response.text();
  const userErrors = schema.getType('UserErrorCode') as
    | { getValues(): readonly { name: string }[] }
    | undefined;
  const anchors = [
    ...Object.keys(errorCodes),
    ...(userErrors?.getValues() ?? []).map(({ name }) => `user-${name}`),
  ];
  expect([...text.matchAll(/<section id="([^"]+)">/g)].map(([, id]) => id)).toEqual(anchors);
  expect(text).not.toMatch(/<script|https?:/);
});
